import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A server under test, or the upstream itself. */
export interface Server {
  readonly name: string;
  readonly port: number;
  /** Of the process that handles requests: for nginx, its worker. */
  readonly pid: number;
  /** Headers that its callers must send. */
  readonly headers: Readonly<Record<string, string>>;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  // not SIGKILL: nginx's workers would outlive their master
  for (const child of running) child.kill('SIGTERM');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

export function start(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd?: string,
): ChildProcess & { readonly pid: number } {
  // nothing else of this environment: it may have proxies and tokens
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH, HOME, ...env },
    cwd,
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} did not start`);
  return Object.assign(child, { pid });
}

/** The first line that matches; later output is dropped. */
export async function lineOf(child: ChildProcess, matching = /./): Promise<string> {
  const { stdout } = child;
  if (!stdout) throw new Error('no output to read');
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${child.spawnargs.join(' ')} ended with ${code}`);
  });
  const found = new Promise<string>(resolve => {
    createInterface({ input: stdout }).on('line', line => {
      if (matching.test(line)) resolve(line);
    });
  });
  return Promise.race([found, ended]);
}
