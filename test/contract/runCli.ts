import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** From source; the phase `package` runs some tests with the bundle. */
export const cliFile = process.env.HEADROOM_TEST_CLI ?? 'src/cli/main.ts';

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Removed by `clean`. */
export function temporaryFolder(): { readonly folder: string; clean(): void } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'headroom-cli-'));
  return { folder, clean: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

/** Runs the CLI as a process, with PATH and the given environment only. */
export function runCli(
  args: readonly string[],
  options: {
    environment: Record<string, string>;
    home: string;
    file?: string;
    /** The user's home in the system's user database; without it, the real one. */
    userHome?: string;
    /** Standard input; default: none. */
    input?: string;
    onStart?: (pid: number) => void;
  },
): Promise<CliRun> {
  const { environment, home, file = cliFile, userHome, input, onStart } = options;
  const patch = userHome === undefined ? [] : ['--import', userDatabase(userHome)];
  const child = spawn(process.execPath, [...patch, file, ...args], {
    env: { HOME: home, USERPROFILE: home, LOCALAPPDATA: home, PATH: process.env.PATH ?? '', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input ?? '');
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve({ code, stdout, stderr }));
    if (child.pid !== undefined) onStart?.(child.pid);
  });
}

/** A module that stands for an entry in the system's user database, which no variable changes. */
function userDatabase(home: string): string {
  const script = `import os from 'node:os'; const info = os.userInfo(); os.userInfo = () => ({ ...info, homedir: ${JSON.stringify(home)} });`;
  return `data:text/javascript,${encodeURIComponent(script)}`;
}

/** Files under `folder` that contain `text`. */
export function filesWith(folder: string, text: string): string[] {
  const files = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile());
  return files
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .filter(file => fs.readFileSync(file).includes(text));
}
