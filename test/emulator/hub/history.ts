import { iso } from '../clock.ts';
import type { GitFile, LfsFile, Repo } from '../state.ts';
import { bytesOf, type GitObject, gitObject, treesOf } from './gitObjects.ts';
import { pointerOf } from './lfsPointer.ts';

/** The files of a repository at one commit. */
export interface Snapshot {
  readonly files: Readonly<Record<string, GitFile>>;
  readonly lfs: Readonly<Record<string, LfsFile>>;
}

export interface Commit extends Snapshot {
  readonly oid: string;
  /** The commit object. */
  readonly bytes: Buffer;
  readonly parents: readonly string[];
  readonly title: string;
  readonly date: string;
  /** Root tree of the snapshot; of a pushed commit without its modes. */
  readonly content: string;
}

/** Commits and refs of one repository. `main` is a branch like the others here. */
export class History {
  readonly commits = new Map<string, Commit>();
  /** Oids by full name, such as `refs/heads/main`. */
  readonly refs = new Map<string, string>();

  get main(): Commit | undefined {
    return this.commits.get(this.refs.get(mainRef) ?? '');
  }
}

export const mainRef = 'refs/heads/main';

const histories = new WeakMap<Repo, History>();

export function historyOf(repo: Repo): History {
  const known = histories.get(repo);
  if (known) return known;
  const history = new History();
  histories.set(repo, history);
  return history;
}

/** The newest commit of `main`. Files that a patch has changed are committed first. */
export function headOf(repo: Repo, now: number): Commit {
  const { main } = historyOf(repo);
  if (main?.content === treesOf(blobsOf(repo)).get('')?.oid) return main as Commit;
  const at = main ? now : Date.parse(repo.lastModified);
  return recordCommit(repo, { title: main ? 'Update' : 'initial commit', author: 'system', at });
}

/** Commits the repository's current files to `main`. */
export function recordCommit(
  repo: Repo,
  { title, author, at }: { title: string; author: string; at: number },
): Commit {
  const history = historyOf(repo);
  const content = treesOf(blobsOf(repo)).get('')?.oid ?? '';
  const parents = history.main ? [history.main.oid] : [];
  const signature = `${author} <${author}@users.noreply.huggingface.co> ${Math.floor(at / 1000)} +0000`;
  const lines = [
    `tree ${content}`,
    ...parents.map(parent => `parent ${parent}`),
    `author ${signature}`,
    `committer ${signature}`,
    '',
    `${title}\n`,
  ];
  const { oid, bytes } = gitObject('commit', Buffer.from(lines.join('\n')));
  const snapshot = { files: { ...repo.files }, lfs: { ...repo.lfs } };
  const commit = { ...snapshot, oid, bytes, parents, title, date: iso(at), content };
  history.commits.set(oid, commit);
  history.refs.set(mainRef, oid);
  return commit;
}

/** The commit of a branch, a tag, a full ref or a commit's oid. */
export function commitAt(repo: Repo, revision: string, now: number): Commit | undefined {
  const head = headOf(repo, now);
  const { commits, refs } = historyOf(repo);
  const named = [revision, `refs/heads/${revision}`, `refs/tags/${revision}`].find(ref => refs.has(ref));
  if (named === mainRef) return head;
  return commits.get(named === undefined ? revision : (refs.get(named) ?? ''));
}

/** Path and oid of each blob; for a large file, of its pointer. */
export function blobsOf({ files, lfs }: Snapshot): (readonly [path: string, oid: string])[] {
  return blobObjects({ files, lfs }).map(([path, { oid }]) => [path, oid] as const);
}

export function blobObjects({ files, lfs }: Snapshot): (readonly [path: string, blob: GitObject])[] {
  return [
    ...Object.entries(files).map(([path, file]) => [path, gitObject('blob', bytesOf(file))] as const),
    ...Object.entries(lfs).map(
      ([path, file]) => [path, gitObject('blob', Buffer.from(pointerOf(file)))] as const,
    ),
  ];
}

/** The newest commit, from `commit` back, that changed the file. */
export function lastChange(repo: Repo, commit: Commit, path: string): Commit {
  const { commits } = historyOf(repo);
  const same = (other: Commit) =>
    JSON.stringify([other.files[path], other.lfs[path]]) ===
    JSON.stringify([commit.files[path], commit.lfs[path]]);
  let changed = commit;
  for (let parent = commits.get(changed.parents[0] ?? ''); parent && same(parent); ) {
    changed = parent;
    parent = commits.get(parent.parents[0] ?? '');
  }
  return changed;
}
