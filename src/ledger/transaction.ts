import type { DatabaseSync } from 'node:sqlite';

const running = new WeakSet<DatabaseSync>();

/**
 * Runs `body` in one write transaction: all of it or nothing; within another one as a part of that.
 * Throws what SQLite or `body` throws.
 */
export function transaction<T>(database: DatabaseSync, body: () => T): T {
  if (running.has(database)) return body();
  // IMMEDIATE: a transaction that starts as a reader can't wait for its turn to write (SQLITE_BUSY at once).
  database.exec('BEGIN IMMEDIATE');
  running.add(database);
  try {
    const result = body();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      database.exec('ROLLBACK');
    } catch {
      // SQLite has already rolled back by itself, as it does on a full disk; the first error is the one to tell.
    }
    throw error;
  } finally {
    running.delete(database);
  }
}
