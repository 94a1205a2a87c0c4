import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cliFile } from './runCli.ts';

export const model = 'openai/gpt-oss-120b';

export interface RunningGateway {
  readonly url: string;
  /** The Hub at its root. */
  readonly hub: string;
  readonly key: string;
  readonly pid: number;
  /** Stdout so far, then stderr. */
  output(): string;
  chat(body?: object): Promise<Response>;
  /** Its exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** `headroom gateway --json`. @param children gets the process at once, so that a failing test ends it */
export async function startCliGateway(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  children: ChildProcess[],
): Promise<RunningGateway> {
  const child = spawn(process.execPath, [cliFile, 'gateway', '--json', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let stdout = '';
  let stderr = '';
  const line = new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.includes('\n')) resolve(stdout.slice(0, stdout.indexOf('\n')));
    });
    child.once('exit', code => reject(new Error(`ended with ${code}: ${stdout}${stderr}`)));
  });
  const { url, key, hub } = JSON.parse(await line) as { url: string; key: string; hub: string };
  return {
    url,
    hub,
    key,
    pid: child.pid ?? 0,
    output: () => stdout + stderr,
    chat: (body = {}) =>
      fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }], ...body }),
      }),
    end: async (signal = 'SIGTERM') => {
      const ended = once(child, 'exit');
      child.kill(signal);
      return (await ended)[0] as number | null;
    },
  };
}

/** Sends chats until `probe` holds, for five seconds at most. */
export async function until(gateway: RunningGateway, probe: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !probe(); tries++) {
    await (await gateway.chat()).text();
    if (!probe()) await new Promise(resolve => setTimeout(resolve, 50));
  }
  assert.ok(probe());
}
