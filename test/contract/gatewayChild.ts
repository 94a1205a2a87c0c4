import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { GatewayConfig } from '../../src/gateway/options.ts';
import type { FromGateway, Network, ToGateway } from '../../src/gateway/processMessages.ts';
import { temporaryFolder } from './runCli.ts';

export const token = 'hf_developersOwnTokenOfTheTests';

/** A gateway in a process of its own, as a terminal or the editor has one. */
export interface GatewayChild {
  readonly url: string;
  readonly port: number;
  readonly key: string;
  readonly pid: number;
  /** All that it printed and told its parent so far. */
  output(): string;
  chat(body?: object, headers?: Record<string, string>): Promise<Response>;
  configure(network: Network, config: GatewayConfig): void;
  /** Its exit code. */
  end(): Promise<number | null>;
}

export interface GatewayChildren {
  /** Of the ledger. */
  readonly state: string;
  /** `headroom gateway --json` with nothing of our environment but what is given. */
  start(environment: Record<string, string>): Promise<GatewayChild>;
  /** `headroom gateway --ipc` with what the editor sends first. */
  fork(network: Network, config: GatewayConfig, environment?: Record<string, string>): Promise<GatewayChild>;
  /** Also of what a test left running. */
  clean(): Promise<void>;
}

export function gatewayChildren(): GatewayChildren {
  const { folder, clean } = temporaryFolder();
  const state = path.join(folder, 'state');
  const children: ChildProcess[] = [];
  const bare = { HOME: folder, USERPROFILE: folder, LOCALAPPDATA: folder, PATH: process.env.PATH ?? '' };
  const file = 'src/cli/main.ts';
  return {
    state,
    async start(environment) {
      const env = { ...bare, HEADROOM_STATE: state, HF_TOKEN: token, ...environment };
      const child = spawn(process.execPath, [file, 'gateway', '--json'], { env, stdio: 'pipe' });
      children.push(child);
      const output = collect(child);
      const line = await new Promise<string>((resolve, reject) => {
        child.stdout.on('data', () => output().includes('\n') && resolve(output()));
        child.once('exit', code => reject(new Error(`ended with ${code}: ${output()}`)));
      });
      const { url, key } = JSON.parse(line.slice(0, line.indexOf('\n'))) as { url: string; key: string };
      return running(child, url, key, output, () => child.kill('SIGTERM'));
    },
    async fork(network, config, environment = {}) {
      const child = fork(file, ['gateway', '--ipc'], {
        execArgv: ['--expose-gc'],
        env: { ...bare, ...environment },
        stdio: 'pipe',
      });
      children.push(child);
      const printed = collect(child);
      const told: string[] = [];
      const key = `hf_headroom_${'k'.repeat(32)}`;
      const listening = new Promise<string>((resolve, reject) => {
        child.on('message', (message: FromGateway) => {
          told.push(JSON.stringify(message));
          if (message.kind === 'listening') resolve(message.url);
        });
        child.once('exit', code => reject(new Error(`ended with ${code}: ${printed()}${told}`)));
      });
      child.send({ kind: 'start', port: 0, key, state, userAgent: 'headroom-test', network, config });
      const url = await listening;
      const output = () => `${printed()}${told.join('\n')}`;
      return running(child, url, key, output, () => child.disconnect());
    },
    async clean() {
      for (const child of children.splice(0)) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      clean();
    },
  };
}

function collect(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return () => output;
}

function running(
  child: ChildProcess,
  url: string,
  key: string,
  output: () => string,
  stop: () => void,
): GatewayChild {
  return {
    url,
    port: Number(new URL(url).port),
    key,
    pid: child.pid ?? 0,
    output,
    chat: (body = {}, headers = {}) =>
      fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ model: 'acme/Model-7B', messages: [], ...body }),
      }),
    configure: (network, config) =>
      void child.send({ kind: 'configure', network, config } satisfies ToGateway),
    async end() {
      if (child.exitCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      stop();
      return (await ended)[0] as number | null;
    },
  };
}

/** What an SDK shows to people; fails when the body has another shape. */
export async function toldBy(response: Response): Promise<{ code: string; message: string; text: string }> {
  const text = await response.text();
  const { type, error } = JSON.parse(text) as { type: string; error: Record<string, string | null> };
  if (type !== 'error' || error.type !== 'headroom_error' || error.param !== null) throw new Error(text);
  return { code: error.code ?? '', message: error.message ?? '', text };
}
