import { createHash } from 'node:crypto';
import type { GitFile } from '../state.ts';

/** A git object with its id: the SHA-1 of `type size\0bytes`. */
export interface GitObject {
  readonly oid: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly bytes: Buffer;
}

export function gitObject(type: GitObject['type'], bytes: Buffer): GitObject {
  const hash = createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes);
  return { oid: hash.digest('hex'), type, bytes };
}

export function bytesOf(file: GitFile): Buffer {
  return typeof file === 'string' ? Buffer.from(file) : Buffer.from(file.base64, 'base64');
}

/** Text where the bytes are UTF-8, else base64. */
export function gitFileOf(bytes: Buffer): GitFile {
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? text : { base64: bytes.toString('base64') };
}

interface TreeEntry {
  readonly mode: '100644' | '40000';
  readonly oid: string;
}

/** The tree objects of these blobs (path and oid), by folder; the root is `''`. */
export function treesOf(blobs: Iterable<readonly [path: string, oid: string]>): Map<string, GitObject> {
  const folders = new Map<string, Map<string, TreeEntry>>([['', new Map()]]);
  for (const [path, oid] of blobs)
    entriesOf(folders, folderOf(path)).set(nameOf(path), { mode: '100644', oid });
  const trees = new Map<string, GitObject>();
  const deepestFirst = [...folders].sort(([a], [b]) => b.split('/').length - a.split('/').length);
  for (const [folder, entries] of deepestFirst.filter(([folder]) => folder !== '')) {
    const tree = treeObject(entries);
    trees.set(folder, tree);
    entriesOf(folders, folderOf(folder)).set(nameOf(folder), { mode: '40000', oid: tree.oid });
  }
  return trees.set('', treeObject(entriesOf(folders, '')));
}

/** The entries of a folder; adds it, and the folders above it, when it is new. */
function entriesOf(folders: Map<string, Map<string, TreeEntry>>, folder: string): Map<string, TreeEntry> {
  const known = folders.get(folder);
  if (known) return known;
  entriesOf(folders, folderOf(folder));
  const entries = new Map<string, TreeEntry>();
  folders.set(folder, entries);
  return entries;
}

function treeObject(entries: ReadonlyMap<string, TreeEntry>): GitObject {
  // git compares a folder's name with a slash at its end
  const sortKey = ([name, { mode }]: readonly [string, TreeEntry]) =>
    Buffer.from(mode === '40000' ? `${name}/` : name);
  const sorted = [...entries].sort((a, b) => Buffer.compare(sortKey(a), sortKey(b)));
  const parts = sorted.map(([name, { mode, oid }]) =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]),
  );
  return gitObject('tree', Buffer.concat(parts));
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
