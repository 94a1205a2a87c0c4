import { type Exchange, jsonBody } from '../http/exchange.ts';
import { isObject } from '../patch.ts';
import type { Repo } from '../state.ts';
import { bytesOf, folderOf, gitObject, treesOf } from './gitObjects.ts';
import { blobsOf, type Commit, commitAt, lastChange } from './history.ts';
import { oidOf, pointerOf } from './lfsPointer.ts';
import { entryNotFound, revisionNotFound } from './notFound.ts';
import { sendPage } from './pagination.ts';

interface Row {
  readonly type: 'file' | 'directory';
  readonly path: string;
  readonly [field: string]: unknown;
}

/** GET …/tree/{revision}/{folder}: one folder, or with `recursive` all below it, in pages. */
export function tree(exchange: Exchange, _key: string, repo: Repo) {
  const { world, path, query, params, reply } = exchange;
  const [, , revision = '', folder = ''] = params;
  const commit = commitAt(repo, revision, world.clock.now());
  if (!commit) return revisionNotFound(exchange, revision);
  const rows = rowsOf(commit);
  if (folder !== '' && rows.get(folder)?.type !== 'directory') return entryNotFound(exchange, commit.oid);
  const below = folder === '' ? '' : `${folder}/`;
  const isRecursive = isTrue(query.get('recursive'));
  const listed = [...rows.values()].filter(
    row => row.path.startsWith(below) && (isRecursive || folderOf(row.path) === folder),
  );
  const expands = isTrue(query.get('expand'));
  const page = listed.map(row => (expands ? expanded(repo, commit, row) : row));
  // huggingface_hub, list_repo_tree: 50 rows a page with `expand`, otherwise 1000
  sendPage(reply, page, `${world.hubAddress}${path}`, query, expands ? 50 : 1000);
}

/**
 * POST …/paths-info/{revision}: a public read. huggingface_hub sends a form with `paths` for each path,
 * @huggingface/hub sends JSON. A path that does not exist has no row.
 */
export function pathsInfo(exchange: Exchange, _key: string, repo: Repo) {
  const { world, params, reply } = exchange;
  const revision = params[2] ?? '';
  const commit = commitAt(repo, revision, world.clock.now());
  if (!commit) return revisionNotFound(exchange, revision);
  const { paths, expands } = requested(exchange);
  if (!paths) return reply.error(400, '✖ Invalid input: expected paths\n  → at paths');
  const rows = rowsOf(commit);
  const found = paths.flatMap(path => rows.get(path.replace(/\/$/, '')) ?? []);
  reply.json(
    200,
    found.map(row => (expands ? expanded(repo, commit, row) : row)),
  );
}

function requested(exchange: Exchange): { paths?: string[]; expands: boolean } {
  const { headers, body } = exchange;
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const form = new URLSearchParams(body.bytes?.toString());
    return { ...(form.has('paths') && { paths: form.getAll('paths') }), expands: isTrue(form.get('expand')) };
  }
  const json = jsonBody(exchange);
  if (!isObject(json) || !Array.isArray(json.paths)) return { expands: false };
  return { paths: json.paths.map(String), expands: json.expand === true };
}

/** Python's clients send `True`, those in JavaScript `true`. */
function isTrue(value: string | null): boolean {
  return value !== null && /^(?:true|1)$/i.test(value);
}

/** Folders and files of a commit by path, in the order of their paths. */
function rowsOf(commit: Commit): Map<string, Row> {
  const folders = [...treesOf(blobsOf(commit))].filter(([path]) => path !== '');
  const rows: Row[] = [
    ...folders.map(([path, { oid }]) => ({ type: 'directory' as const, oid, size: 0, path })),
    ...Object.entries(commit.files).map(([path, file]) => {
      const bytes = bytesOf(file);
      return { type: 'file' as const, oid: gitObject('blob', bytes).oid, size: bytes.length, path };
    }),
    ...Object.entries(commit.lfs).map(([path, file]) => {
      const pointer = Buffer.from(pointerOf(file));
      const lfs = { oid: oidOf(file), size: file.size, pointerSize: pointer.length };
      return { type: 'file' as const, oid: gitObject('blob', pointer).oid, size: file.size, lfs, path };
    }),
  ];
  return new Map(rows.sort((a, b) => (a.path < b.path ? -1 : 1)).map(row => [row.path, row]));
}

/** Fields as huggingface_hub's RepoFile and RepoFolder read them. */
function expanded(repo: Repo, commit: Commit, row: Row): Row {
  const { oid, title, date } = row.type === 'file' ? lastChange(repo, commit, row.path) : commit;
  const lastCommit = { id: oid, title, date };
  if (row.type === 'directory') return { ...row, lastCommit };
  const securityFileStatus = { status: 'safe', avScan: { status: 'safe' }, pickleImportScan: null };
  return { ...row, lastCommit, securityFileStatus };
}
