import { join } from 'node:path';
import { Cadence } from './cadence.ts';
import { type DiskFailure, diskFailure } from './diskFailure.ts';
import type { LedgerHealth } from './ledger.ts';
import { ensureLedgerFile, isSuperseded, type LedgerFile, setAside } from './ledgerFile.ts';
import { MemoryStore } from './memoryStore.ts';
import { openDatabase, readRemembered } from './openDatabase.ts';
import { loadSqlite, type Sqlite } from './sqlite.ts';
import type { SqliteStore } from './sqliteStore.ts';
import type { Remembered, Store } from './store.ts';
import { Unwritten } from './unwritten.ts';
import { whileLocked } from './whileLocked.ts';

export interface DiskOrMemoryOptions {
  readonly directory: string;
  readonly now: () => number;
  readonly onDidChangeHealth: (health: LedgerHealth) => void;
}

const firstRetryMs = 1_000;
const lastRetryMs = 60_000;
/** How long a call waits for another process's write; a usual one takes less than a millisecond. */
const lockWaitMs = 250;
/** The same when the process ends and what memory holds would end with it. */
const closingLockWaitMs = 2_000;

/**
 * Runs each call on the disk, and on memory while the disk fails. There is no timer: it is the calls that
 * try the disk again, at first after a second, at last once a minute.
 */
export class DiskOrMemory {
  readonly #options: DiskOrMemoryOptions;
  readonly #sqlite = loadSqlite();
  readonly #retry = new Cadence();
  #retryMs = firstRetryMs;
  #health: LedgerHealth = { kind: 'ok' };
  /** Undefined: memory stands in. */
  #disk: { readonly store: SqliteStore; readonly file: LedgerFile } | undefined;
  #memory: MemoryStore | undefined;
  #unwritten = new Unwritten();
  #generation = 0;
  #lockWaitMs = lockWaitMs;
  #closed = false;

  constructor(options: DiskOrMemoryOptions) {
    this.#options = options;
    this.#connect();
  }

  get health(): LedgerHealth {
    return this.#health;
  }

  /** Counts the stores that were used, from 1. */
  get generation(): number {
    return this.#generation;
  }

  /** `note` keeps a write for the disk when it had to be done in memory. */
  call<T>(call: (store: Store) => T, note?: (unwritten: Unwritten) => void): T {
    if (!this.#disk && !this.#closed && this.#retry.due(this.#options.now())) this.#connect();
    // Twice, since a damaged file is replaced by a new one at the first failure.
    for (const mayRecover of [true, false]) {
      if (!this.#disk) break;
      const { store } = this.#disk;
      try {
        return whileLocked(lockWaitMs, () => call(store));
      } catch (error) {
        this.#leaveDisk(error, mayRecover);
      }
    }
    // Without node:sqlite there will be no disk to write to.
    if (this.#sqlite) note?.(this.#unwritten);
    this.#memory ??= new MemoryStore();
    return call(this.#memory);
  }

  /** Another process may have set the file aside; what is written to it from then on would be lost. */
  followFile(): void {
    if (!this.#disk || !isSuperseded(this.#options.directory, this.#disk.file)) return;
    closeQuietly(this.#disk.store);
    this.#disk = undefined;
    this.#connect();
  }

  /** Tries once more to bring to disk what memory holds. */
  close(): void {
    if (this.#closed) return;
    this.#lockWaitMs = closingLockWaitMs;
    if (!this.#disk && !this.#unwritten.isEmpty) this.#connect();
    if (this.#disk) closeQuietly(this.#disk.store);
    this.#disk = undefined;
    this.#closed = true;
  }

  /** Opens the file that is the ledger now and brings to it what memory holds, or stays in memory. */
  #connect(recovered?: LedgerHealth): void {
    if (!this.#sqlite) {
      this.#stayInMemory(withoutSqlite);
      return;
    }
    const { directory } = this.#options;
    let file: LedgerFile | undefined;
    let store: SqliteStore | undefined;
    try {
      file = ensureLedgerFile(directory);
      store = this.#open(this.#sqlite, file.path);
      this.#fill(store);
    } catch (error) {
      if (store) closeQuietly(store);
      const failure = this.#failureOf(error, file);
      const remembered = file && !this.#memory ? readRemembered(this.#sqlite, file.path) : undefined;
      if (failure.kind === 'damaged' && file && !recovered) this.#recover(file, failure, remembered);
      else this.#stayInMemory(failure.message, remembered);
      return;
    }
    this.#disk = { store, file };
    this.#memory = undefined;
    this.#unwritten = new Unwritten();
    this.#generation += 1;
    this.#retryMs = firstRetryMs;
    this.#setHealth(recovered ?? { kind: 'ok' });
  }

  #open(sqlite: Sqlite, path: string): SqliteStore {
    return whileLocked(this.#lockWaitMs, () => openDatabase(sqlite, path));
  }

  #fill(store: SqliteStore): void {
    whileLocked(this.#lockWaitMs, () => {
      // A disk that is still full may be read; what counts is that it can be written to.
      if (this.#memory) store.setPreference('ledger.backOnDiskAt', String(this.#options.now()));
      this.#unwritten.writeInto(store);
    });
  }

  #leaveDisk(error: unknown, mayRecover: boolean): void {
    if (!this.#disk) return;
    const { store, file } = this.#disk;
    const failure = this.#failureOf(error, file);
    const remembered = store.remember();
    closeQuietly(store);
    this.#disk = undefined;
    if (failure.kind === 'damaged' && mayRecover) this.#recover(file, failure, remembered);
    else this.#stayInMemory(failure.message, remembered);
  }

  /** Begins a new file with what could still be read from the damaged one, unless another process does. */
  #recover(file: LedgerFile, failure: DiskFailure, remembered: Remembered | undefined): void {
    try {
      const movedTo = setAside(this.#options.directory, file, this.#options.now());
      if (movedTo && remembered) this.#unwritten.noteRemembered(remembered);
      const reason = `${failure.message} It was kept as ${movedTo}, and a new one was begun.`;
      this.#connect(movedTo ? { kind: 'recovered', movedTo, reason } : { kind: 'ok' });
    } catch (error) {
      this.#stayInMemory(this.#failureOf(error, file).message, remembered);
    }
  }

  #stayInMemory(reason: string, remembered?: Remembered): void {
    if (!this.#memory) {
      this.#memory = new MemoryStore(remembered);
      this.#unwritten.writeInto(this.#memory);
      this.#generation += 1;
    }
    this.#retry.next(this.#options.now(), this.#retryMs);
    this.#retryMs = Math.min(2 * this.#retryMs, lastRetryMs);
    this.#setHealth({ kind: 'memory', reason });
  }

  #failureOf(error: unknown, file?: LedgerFile): DiskFailure {
    const failure = diskFailure(error, file?.path ?? join(this.#options.directory, 'ledger.db'));
    if (!failure) throw error;
    return failure;
  }

  #setHealth(health: LedgerHealth): void {
    const same = health.kind === this.#health.kind && reasonOf(health) === reasonOf(this.#health);
    this.#health = health;
    if (!same) this.#options.onDidChangeHealth(health);
  }
}

const withoutSqlite =
  'This Node.js has no node:sqlite, so Headroom remembers in memory only: use Node.js 22.13 or newer.';

export function reasonOf(health: LedgerHealth): string | undefined {
  return health.kind === 'ok' ? undefined : health.reason;
}

function closeQuietly(store: SqliteStore): void {
  try {
    store.close();
  } catch {
    // It is given up anyway.
  }
}
