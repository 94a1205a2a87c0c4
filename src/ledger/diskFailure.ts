import { messageOf } from '../limits/messageOf.ts';

/**
 * `newer`: a newer Headroom wrote the file in a form that this one can't use. `foreign`: not a file that Headroom
 * made, or another user can write it.
 */
export type DiskFailureKind =
  | 'damaged'
  | 'newer'
  | 'foreign'
  | 'locked'
  | 'full'
  | 'read-only'
  | 'unavailable';

/** The disk can't keep the ledger. The message is for people: the cause, the remedy and the effect. */
export class DiskFailure extends Error {
  override readonly name = 'DiskFailure';
  readonly kind: DiskFailureKind;

  constructor(kind: DiskFailureKind, path: string, cause?: unknown) {
    super(sentences[kind](path, messageOf(cause)), { cause });
    this.kind = kind;
  }
}

const inMemory = 'Until then, new data is kept in memory only.';

const sentences: Readonly<Record<DiskFailureKind, (path: string, detail: string) => string>> = {
  damaged: (path, detail) => `The ledger ${path} was damaged (${detail}).`,
  newer: path => `A newer version of Headroom wrote the ledger ${path}: update Headroom. ${inMemory}`,
  foreign: (path, detail) =>
    `The ledger can't be opened: ${path} is ${detail}. Move it away, or choose another folder. ${inMemory}`,
  locked: path => `Another program keeps the ledger ${path} locked: close it. ${inMemory}`,
  full: path => `The disk of the ledger ${path} is full: free some space. ${inMemory}`,
  'read-only': path => `The ledger ${path} can't be written: check its permissions. ${inMemory}`,
  unavailable: (path, detail) =>
    `The ledger ${path} can't be opened (${detail}): check its folder. ${inMemory}`,
};

/** SQLite's primary result codes for failures of the disk, https://sqlite.org/rescode.html. */
const sqliteKinds: Readonly<Record<number, DiskFailureKind>> = {
  3: 'read-only', // PERM
  5: 'locked', // BUSY
  6: 'locked', // LOCKED
  8: 'read-only', // READONLY
  10: 'unavailable', // IOERR
  11: 'damaged', // CORRUPT
  13: 'full', // FULL
  14: 'unavailable', // CANTOPEN
  15: 'locked', // PROTOCOL: lost the race for the WAL's lock
  22: 'unavailable', // NOLFS
  23: 'read-only', // AUTH
  26: 'damaged', // NOTADB
};

const systemKinds: Readonly<Record<string, DiskFailureKind>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EACCES: 'read-only',
  EPERM: 'read-only',
  EROFS: 'read-only',
};

/** The failure behind an error of SQLite or the file system; undefined when the disk is not to blame. */
export function diskFailure(error: unknown, path: string): DiskFailure | undefined {
  if (error instanceof DiskFailure) return error;
  const kind = error instanceof Error ? kindOf(error) : undefined;
  return kind && new DiskFailure(kind, path, error);
}

function kindOf(error: Error & { code?: unknown; errcode?: unknown; syscall?: unknown }) {
  if (typeof error.errcode === 'number') {
    // SQLite reads the schema again after another connection changed it; a table that is gone is damage.
    if (error.errcode === 1 && error.message.startsWith('no such ')) return 'damaged';
    return sqliteKinds[error.errcode & 0xff];
  }
  // An integer beyond 2^53, which Headroom never writes.
  if (error.code === 'ERR_OUT_OF_RANGE') return 'damaged';
  if (typeof error.syscall !== 'string') return undefined;
  return systemKinds[String(error.code)] ?? 'unavailable';
}
