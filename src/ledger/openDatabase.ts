import type { DatabaseSync } from 'node:sqlite';
import { DiskFailure } from './diskFailure.ts';
import { currentVersion, migrate, userVersion } from './migrations.ts';
import { remember } from './remember.ts';
import type { Sqlite } from './sqlite.ts';
import { SqliteStore } from './sqliteStore.ts';
import type { Remembered } from './store.ts';

/** To this size the write-ahead log is cut back when it was larger, in bytes. */
const walBytes = 4 * 1024 * 1024;

/** Opens and migrates the database. Throws SQLite's error or a `DiskFailure`. */
export function openDatabase({ DatabaseSync }: Sqlite, path: string): SqliteStore {
  const database = new DatabaseSync(path);
  try {
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = ${walBytes}`,
    );
    return openStore(database, path);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Our statements are tested: when SQLite finds an error in one, it is the schema that is not ours. */
function openStore(database: DatabaseSync, path: string): SqliteStore {
  const found = userVersion(database);
  try {
    migrate(database);
    return new SqliteStore(database);
  } catch (error) {
    if (!isSqlError(error)) throw error;
    throw new DiskFailure(found > currentVersion ? 'newer' : 'damaged', path, error);
  }
}

function isSqlError(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 1;
}

/** What can still be read from a database that can't be written to; undefined when nothing. */
export function readRemembered({ DatabaseSync }: Sqlite, path: string): Remembered | undefined {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      return remember(database);
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}
