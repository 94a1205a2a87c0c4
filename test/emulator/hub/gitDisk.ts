import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateSync } from 'node:zlib';
import type { GitFile, LfsFile, Repo } from '../state.ts';
import { type GitObject, gitFileOf, treesOf } from './gitObjects.ts';
import { blobObjects, blobsOf, type Commit, type History, headOf, historyOf, mainRef } from './history.ts';
import { parsePointer } from './lfsPointer.ts';

const run = promisify(execFile);

/** Bare repositories in a temporary folder, for git to serve. They exist once git has asked for them. */
export class GitDisk {
  #root: string | undefined;
  readonly #folders = new WeakMap<History, { readonly name: string; readonly written: Set<string> }>();
  #count = 0;

  get root(): string {
    this.#root ??= mkdtempSync(join(tmpdir(), 'emulator-git-'));
    return this.#root;
  }

  /** The bare repository's folder below `root`, with all commits of the repository's history. */
  write(repo: Repo, now: number): string {
    const head = headOf(repo, now);
    const history = historyOf(repo);
    const { name, written } = this.#folderOf(history);
    const path = join(this.root, name);
    for (const commit of history.commits.values()) {
      if (written.has(commit.oid)) continue;
      for (const object of objectsOf(commit)) writeObject(path, object);
      written.add(commit.oid);
    }
    writeFileSync(join(path, mainRef), `${head.oid}\n`);
    return name;
  }

  /** Takes over what a push has changed: refs, commits, and the files on `main`. */
  async read(repo: Repo): Promise<void> {
    const history = historyOf(repo);
    const { name, written } = this.#folderOf(history);
    const git = gitIn(join(this.root, name));
    const refs = await git('for-each-ref', '--format=%(refname) %(objectname)');
    const pushed = new Map(linesOf(refs).map(line => line.split(' ') as [string, string]));
    const known = [...history.commits.keys()].map(oid => `^${oid}`);
    const oids = linesOf(await git('rev-list', '--reverse', '--topo-order', ...pushed.values(), ...known));
    for (const oid of oids) {
      history.commits.set(oid, await readCommit(git, oid));
      written.add(oid);
    }
    history.refs.clear();
    for (const [ref, oid] of pushed) history.refs.set(ref, oid);
    const { main } = history;
    if (!main) return;
    repo.files = { ...main.files };
    repo.lfs = { ...main.lfs };
    repo.lastModified = main.date;
  }

  remove(): void {
    if (this.#root !== undefined) rmSync(this.#root, { recursive: true, force: true });
  }

  #folderOf(history: History) {
    const known = this.#folders.get(history);
    if (known) return known;
    const folder = { name: `${this.#count++}.git`, written: new Set<string>() };
    this.#folders.set(history, folder);
    const path = join(this.root, folder.name);
    for (const part of ['objects', 'refs/heads', 'refs/tags'])
      mkdirSync(join(path, part), { recursive: true });
    writeFileSync(join(path, 'HEAD'), `ref: ${mainRef}\n`);
    writeFileSync(join(path, 'config'), config);
    return folder;
  }
}

/** Without the background processes that would outlive a request. */
const config = `[core]
\trepositoryformatversion = 0
\tbare = true
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = true
[receive]
\tautogc = false
[gc]
\tauto = 0
`;

function objectsOf(commit: Commit): GitObject[] {
  const { oid, bytes } = commit;
  return [
    ...blobObjects(commit).map(([, blob]) => blob),
    ...treesOf(blobsOf(commit)).values(),
    { oid, type: 'commit', bytes },
  ];
}

function writeObject(path: string, { oid, type, bytes }: GitObject): void {
  const folder = join(path, 'objects', oid.slice(0, 2));
  const file = join(folder, oid.slice(2));
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, deflateSync(Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes])));
}

type Git = (...args: string[]) => Promise<Buffer>;

/** Runs git in a repository, without the user's configuration. */
function gitIn(path: string): Git {
  return async (...args) => {
    const options = { encoding: 'buffer', maxBuffer: 2 ** 30, env: gitEnvironment } as const;
    const { stdout } = await run('git', ['--git-dir', path, ...args], options);
    return stdout;
  };
}

export const gitEnvironment = {
  PATH: process.env.PATH,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

async function readCommit(git: Git, oid: string): Promise<Commit> {
  const bytes = await git('cat-file', 'commit', oid);
  const [head = '', ...message] = bytes.toString().split('\n\n');
  const parents = [...head.matchAll(/^parent (\w+)$/gm)].map(match => match[1] ?? '');
  const seconds = Number(/^committer .* (\d+) [+-]\d+$/m.exec(head)?.[1] ?? 0);
  const files: Record<string, GitFile> = {};
  const lfs: Record<string, LfsFile> = {};
  const entries = (await git('ls-tree', '-r', '-z', oid)).toString().split('\0').filter(Boolean);
  for (const entry of entries) {
    const [, type, blob = '', path = ''] = /^\d+ (\w+) (\w+)\t([\s\S]+)$/.exec(entry) ?? [];
    if (type !== 'blob') continue;
    const content = gitFileOf(await git('cat-file', 'blob', blob));
    const large = typeof content === 'string' ? parsePointer(content) : undefined;
    if (large) lfs[path] = large;
    else files[path] = content;
  }
  return {
    oid,
    bytes,
    parents,
    title: message.join('\n\n').split('\n')[0] ?? '',
    date: new Date(seconds * 1000).toISOString(),
    files,
    lfs,
    content: treesOf(blobsOf({ files, lfs })).get('')?.oid ?? '',
  };
}

function linesOf(output: Buffer): string[] {
  return output.toString().split('\n').filter(Boolean);
}
