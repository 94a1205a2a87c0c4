import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

/** Creates folder and file where they are missing. Throws the file system's error. */
export function ensureLedgerFile(directory: string): LedgerFile {
  ensureFolder(directory);
  const generations = readdirSync(directory).map(generationOf);
  const file = fileOf(directory, Math.max(1, ...generations));
  // An existing file is not opened here: closing it would drop the locks of this process's other connections.
  if (create(file.path)) return file;
  try {
    chmodSync(file.path, privateFile);
  } catch {
    // Some mounts know no modes; SQLite finds out whether the file can be written.
  }
  return file;
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
  return Number(/^ledger-(\d+)\.db$/.exec(name)?.[1] ?? 1);
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
