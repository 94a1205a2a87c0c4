import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { GatewayConfig } from '../../src/gateway/options.ts';
import type { FromGateway, Network, ToGateway } from '../../src/gateway/processMessages.ts';
import { killAll } from './killAll.ts';
import { cliFile, temporaryFolder } from './runCli.ts';
import { startCliGateway } from './runningGateway.ts';

export const token = 'hf_developersOwnTokenOfTheTests';

/** A gateway in a process of its own, started as by a terminal or by the editor. */
export interface GatewayChild {
  readonly url: string;
  readonly port: number;
  readonly key: string;
  readonly pid: number;
  /** Stdout, stderr and IPC messages so far. */
  output(): string;
  configure(network: Network, config: GatewayConfig): void;
  /** Resolves with the exit code. */
  end(): Promise<number | null>;
}

export interface GatewayChildren {
  /** Folder of the ledger. */
  readonly state: string;
  /** `headroom gateway --json` with this environment alone. */
  start(environment: Record<string, string>): Promise<GatewayChild>;
  /** `headroom gateway --ipc`, with the editor's first message. */
  fork(network: Network, config: GatewayConfig, environment?: Record<string, string>): Promise<GatewayChild>;
  /** Kills processes that still run and deletes the folder. */
  clean(): Promise<void>;
}

export function gatewayChildren(): GatewayChildren {
  const { folder, clean } = temporaryFolder();
  const state = path.join(folder, 'state');
  const children: ChildProcess[] = [];
  const bare = { HOME: folder, USERPROFILE: folder, LOCALAPPDATA: folder, PATH: process.env.PATH ?? '' };
  return {
    state,
    async start(environment) {
      const env = { ...bare, HEADROOM_STATE: state, HF_TOKEN: token, ...environment };
      const { url, key, pid, output } = await startCliGateway([], env, children);
      const child = children.find(started => started.pid === pid)!;
      return running(child, url, key, output, () => child.kill('SIGTERM'));
    },
    async fork(network, config, environment = {}) {
      const child = fork(cliFile, ['gateway', '--ipc'], {
        execArgv: ['--expose-gc'],
        env: { ...bare, ...environment },
        stdio: 'pipe',
      });
      children.push(child);
      const printed = outputOf(child);
      const messages: string[] = [];
      const key = `hf_headroom_${'k'.repeat(32)}`;
      const listening = new Promise<string>((resolve, reject) => {
        child.on('message', (message: FromGateway) => {
          messages.push(JSON.stringify(message));
          if (message.kind === 'listening') resolve(message.url);
        });
        child.once('exit', code => reject(new Error(`ended with ${code}: ${printed()}${messages}`)));
      });
      child.send({
        kind: 'start',
        port: 0,
        hubPort: 0,
        key,
        state,
        userAgent: 'headroom-test',
        network,
        config,
      });
      const url = await listening;
      const output = () => `${printed()}${messages.join('\n')}`;
      return running(child, url, key, output, () => child.disconnect());
    },
    async clean() {
      await killAll(children);
      clean();
    },
  };
}

function outputOf(child: ChildProcess): () => string {
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
