import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DiskFailure } from './diskFailure.ts';

/**
 * The file of the ledger: `ledger.db`, or `ledger-2.db` and so on after a damaged one was set aside; the
 * highest number counts. A name is never reused: other windows may still have the damaged file open, and
 * SQLite deletes a database's `-wal` by name when its last connection closes, which would be the new
 * database's (https://sqlite.org/howtocorrupt.html, "unlinking or renaming a database file while in use").
 */
export interface LedgerFile {
  readonly path: string;
  readonly generation: number;
}

const privateFile = 0o600;
const privateFolder = 0o700;

/** Files that SQLite keeps beside the database, and opens by their names. */
const siblings = ['-wal', '-shm', '-journal'];

/**
 * Creates folder and file where they are missing. Throws the file system's error, or a `DiskFailure` for anything
 * but regular files of this user: SQLite would follow a symbolic link, and wait for ever at a FIFO.
 */
export function ensureLedgerFile(directory: string): LedgerFile {
  ensureFolder(directory);
  checkOwner(directory, statSync(directory));
  const generations = readdirSync(directory).map(generationOf);
  const file = fileOf(directory, Math.max(1, ...generations));
  // An existing file is not opened here: closing it would drop the locks of this process's other connections.
  const isNew = create(file.path);
  for (const path of [file.path, ...siblings.map(suffix => file.path + suffix)]) checkFile(path);
  if (isNew) return file;
  try {
    chmodSync(file.path, privateFile);
  } catch {
    // Some mounts know no modes; SQLite finds out whether the file can be written.
  }
  return file;
}

function checkFile(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return;
  if (!stats.isFile()) throw new DiskFailure('foreign', path, kindOf(stats));
  checkOwner(path, stats);
  // The file's other name may be in a folder that others can write.
  if (stats.nlink > 1) throw new DiskFailure('foreign', path, 'a file with a second name (a hard link)');
}

/** Windows has no user ids: there the folder's permissions are the user's. */
function checkOwner(path: string, { uid }: Stats): void {
  const user = process.geteuid?.();
  if (user !== undefined && uid !== user) throw new DiskFailure('foreign', path, "another user's");
}

function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isDirectory()) return 'a folder';
  return stats.isFIFO() ? 'a pipe' : 'no regular file';
}

/**
 * Node's recursive `mkdirSync` never ends where a folder exists and nothing can be created in it, as in
 * /proc: it takes the file system's ENOENT for a missing parent.
 */
function ensureFolder(directory: string): void {
  if (existsSync(directory)) return;
  const parent = dirname(directory);
  if (parent !== directory) ensureFolder(parent);
  try {
    mkdirSync(directory, { mode: privateFolder });
  } catch (error) {
    // Another process may have been faster.
    if (!isExisting(error)) throw error;
  }
}

/** True when the file was set aside or deleted: writes to it would be lost. */
export function isSuperseded(directory: string, file: LedgerFile): boolean {
  return existsSync(fileOf(directory, file.generation + 1).path) || !existsSync(file.path);
}

/**
 * Begins the next file and moves the damaged one aside. Returns its new path; undefined when another process
 * was first. Throws the file system's error.
 */
export function setAside(directory: string, file: LedgerFile, now: number): string | undefined {
  if (!create(fileOf(directory, file.generation + 1).path)) return undefined;
  const stamp = new Date(now).toISOString().replaceAll(':', '-');
  const aside = join(directory, `ledger-damaged-${stamp}.db`);
  try {
    renameSync(file.path, aside);
  } catch {
    // Windows (the system) renames no open file; the next file has replaced it anyway.
    return file.path;
  }
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(file.path + suffix)) renameSync(file.path + suffix, aside + suffix);
  }
  return aside;
}

function fileOf(directory: string, generation: number): LedgerFile {
  return { generation, path: join(directory, generation === 1 ? 'ledger.db' : `ledger-${generation}.db`) };
}

function generationOf(name: string): number {
  return Number(/^ledger-(\d{1,9})\.db$/.exec(name)?.[1] ?? 1);
}

/** False when it exists. */
function create(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', privateFile));
    return true;
  } catch (error) {
    if (isExisting(error)) return false;
    throw error;
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
