import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Cadence } from './cadence.ts';
import { type Contents, readContents, writeContents } from './contents.ts';
import { type DiskFailure, diskFailure } from './diskFailure.ts';
import { ensureLedgerFile, isSuperseded, type LedgerFile, setAside } from './ledgerFile.ts';
import { whileLocked } from './locking.ts';
import { openDatabase, openInMemory, readUnwritable } from './openDatabase.ts';
import type { OddRowListener } from './storedRow.ts';
import type { Tables } from './tables.ts';
import { Unwritten } from './unwritten.ts';

export interface LedgerOptions {
  /** Absolute; created when missing. */
  readonly directory: string;
  /** Epoch ms. */
  readonly now: () => number;
  /** One line at each change of health, without secrets. */
  readonly log?: (line: string) => void;
}

export type LedgerHealth =
  | { readonly kind: 'ok' }
  /** The file was damaged: it was moved aside, and a new one begun. */
  | { readonly kind: 'recovered'; readonly movedTo: string; readonly reason: string }
  /** Nothing is written to disk: read-only folder, full disk or locked file. */
  | { readonly kind: 'memory'; readonly reason: string };

const firstRetryMs = 1_000;
const lastRetryMs = 60_000;
/** How long a call waits for another process's write; a usual one takes less than a millisecond. */
const lockWaitMs = 250;
/** The same for the last try at the end of the process, which would lose what memory holds. */
const closingLockWaitMs = 2_000;

interface Disk {
  readonly tables: Tables;
  readonly file: LedgerFile;
}

/**
 * Runs each call on the disk, and on a database in memory while the disk fails. Without a timer: calls try
 * the disk again, at first after a second, at last once a minute.
 */
export class DiskOrMemory {
  readonly #options: LedgerOptions;
  readonly #retry = new Cadence();
  #retryMs = firstRetryMs;
  #health: LedgerHealth = { kind: 'ok' };
  #disk: Disk | undefined;
  /** In place of the disk, with what could be read from it. */
  #memory: Tables | undefined;
  #unwritten: Unwritten | undefined;
  #generation = 0;
  #lockWaitMs = lockWaitMs;
  #closed = false;
  readonly #odd = new Set<string>();
  /** Logs the first ones of each table. */
  readonly #onOdd: OddRowListener = (table, count) => {
    if (this.#odd.has(table)) return;
    this.#odd.add(table);
    this.#options.log?.(`ledger: ${count} odd rows of ${table} can't be read, and are left out`);
  };

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#connect();
  }

  get health(): LedgerHealth {
    return this.#health;
  }

  /** Counts the databases that were used, from 1. */
  get generation(): number {
    return this.#generation;
  }

  /** `keep` notes a change that reaches memory only, for the disk. */
  call<T>(run: (tables: Tables) => T, keep?: (unwritten: Unwritten) => void): T {
    if (!this.#disk && !this.#closed && this.#retry.due(this.#options.now())) this.#connect();
    // Twice, since a damaged file is replaced by a new one at the first failure.
    for (const mayRecover of [true, false]) {
      const disk = this.#disk;
      if (!disk) break;
      try {
        return whileLocked(lockWaitMs, () => run(disk.tables));
      } catch (error) {
        this.#leaveDisk(disk, error, mayRecover);
      }
    }
    if (keep) {
      this.#unwritten ??= new Unwritten();
      keep(this.#unwritten);
    }
    this.#memory ??= openInMemory(this.#onOdd);
    return run(this.#memory);
  }

  /** Opens the current file when another process has set ours aside: writes to ours would be lost. */
  followFile(): void {
    if (!this.#disk || !isSuperseded(this.#options.directory, this.#disk.file)) return;
    closeQuietly(this.#disk.tables);
    this.#disk = undefined;
    this.#connect();
  }

  /** Tries once more to write to disk what memory holds. */
  close(): void {
    if (this.#closed) return;
    this.#lockWaitMs = closingLockWaitMs;
    if (!this.#disk && this.#unwritten) this.#connect();
    if (this.#disk) closeQuietly(this.#disk.tables);
    this.#disk = undefined;
    this.#closed = true;
  }

  /** Opens the current file and writes to it what memory holds, or stays in memory. */
  #connect(recovered?: LedgerHealth): void {
    const { directory } = this.#options;
    let file: LedgerFile | undefined;
    let tables: Tables | undefined;
    try {
      file = ensureLedgerFile(directory);
      const { path } = file;
      const opened = whileLocked(this.#lockWaitMs, () => openDatabase(path, this.#onOdd));
      tables = opened;
      whileLocked(this.#lockWaitMs, () => this.#fill(opened));
    } catch (error) {
      if (tables) closeQuietly(tables);
      const failure = this.#failureOf(error, file);
      const remembered = file && !this.#memory ? readUnwritable(file.path) : undefined;
      if (failure.kind === 'damaged' && file && !recovered) this.#recover(file, failure, remembered);
      else this.#stayInMemory(failure.message, remembered);
      return;
    }
    this.#disk = { tables, file };
    this.#memory = undefined;
    this.#unwritten = undefined;
    this.#generation += 1;
    this.#retryMs = firstRetryMs;
    this.#setHealth(recovered ?? { kind: 'ok' });
  }

  #fill(tables: Tables): void {
    // A full disk may still be read; only a write shows that it has space again.
    if (this.#memory) {
      const now = this.#options.now();
      tables.preferences.set('ledger.backOnDiskAt', String(now), now);
    }
    this.#unwritten?.writeInto(tables);
  }

  #leaveDisk({ tables, file }: Disk, error: unknown, mayRecover: boolean): void {
    const failure = this.#failureOf(error, file);
    const remembered = readContents(tables.database);
    closeQuietly(tables);
    this.#disk = undefined;
    if (failure.kind === 'damaged' && mayRecover) this.#recover(file, failure, remembered);
    else this.#stayInMemory(failure.message, remembered);
  }

  /** Begins a new file with what could be read from the damaged one, unless another process does. */
  #recover(file: LedgerFile, failure: DiskFailure, remembered: Contents | undefined): void {
    try {
      const movedTo = setAside(this.#options.directory, file, this.#options.now());
      if (movedTo && remembered) {
        this.#unwritten ??= new Unwritten();
        this.#unwritten.add(tables => writeContents(tables, remembered));
      }
      const reason = `${failure.message} It was kept as ${movedTo}, and a new one was begun.`;
      this.#connect(movedTo ? { kind: 'recovered', movedTo, reason } : { kind: 'ok' });
    } catch (error) {
      this.#stayInMemory(this.#failureOf(error, file).message, remembered);
    }
  }

  #stayInMemory(reason: string, remembered?: Contents): void {
    if (!this.#memory) {
      this.#memory = openInMemory(this.#onOdd);
      if (remembered) writeContents(this.#memory, remembered);
      this.#unwritten?.writeInto(this.#memory);
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
    const changed = !isDeepStrictEqual(health, this.#health);
    this.#health = health;
    if (changed) this.#options.log?.(`ledger: ${health.kind === 'ok' ? 'kept on disk' : health.reason}`);
  }
}

function closeQuietly(tables: Tables): void {
  try {
    tables.database.close();
  } catch {
    // The file is given up anyway.
  }
}
