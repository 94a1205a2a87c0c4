import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface GitResult {
  readonly code: number;
  readonly stdout: string;
  /** What a person reads: progress and errors. */
  readonly stderr: string;
}

/** A temporary folder in which the real git runs, without the user's configuration and without prompts. */
export class GitCommand {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Undefined where git is not installed. */
  static async create(): Promise<GitCommand | undefined> {
    const isThere = await run('git', ['--version']).then(
      () => true,
      () => false,
    );
    return isThere ? new GitCommand(await mkdtemp(join(tmpdir(), 'git-test-'))) : undefined;
  }

  async run(...args: string[]): Promise<GitResult> {
    const env = {
      PATH: process.env.PATH,
      HOME: this.folder,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.org',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.org',
    };
    return run('git', args, { cwd: this.folder, env }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
    );
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
