import type { DatabaseSync } from 'node:sqlite';
import { diskFailure } from './diskFailure.ts';

/**
 * Runs `body` in one write transaction, all or nothing; inside another transaction as a part of it.
 * Throws what SQLite or `body` throws.
 */
export function transaction<T>(database: DatabaseSync, body: () => T): T {
  if (database.isTransaction) return body();
  // IMMEDIATE: a transaction that starts as a reader can't wait for the write lock (SQLITE_BUSY at once).
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = body();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite rolls back by itself on a full disk.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

const stepMs = 1;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/**
 * Repeats `run`, which must do all or nothing, while another process holds the lock, for at most `waitMs`.
 * SQLite's own busy handler sleeps up to 100 ms at a time, so one of several writers may starve for seconds;
 * a look each millisecond finds the gap.
 */
export function whileLocked<T>(waitMs: number, run: () => T): T {
  for (let waitedMs = 0; ; waitedMs += stepMs) {
    try {
      return run();
    } catch (error) {
      if (waitedMs >= waitMs || diskFailure(error, '')?.kind !== 'locked') throw error;
      Atomics.wait(sleeper, 0, 0, stepMs);
    }
  }
}
