import { mostLogBytes } from '../limits/bounds.ts';
import { type Contents, readContents } from './contents.ts';
import { DiskFailure } from './diskFailure.ts';
import { currentVersion, migrate, userVersion } from './migrations.ts';
import type { OddRowListener } from './storedRow.ts';
import { type Tables, tablesOf } from './tables.ts';

/** Opens and migrates the database. Throws SQLite's error or a `DiskFailure`. */
export function openDatabase(path: string, onOdd: OddRowListener): Tables {
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(path);
  try {
    // It lets free pages return to the disk. In a file with tables it would change nothing, but write.
    const isEmpty = database.prepare('PRAGMA page_count').get()?.page_count === 0;
    if (isEmpty) database.exec('PRAGMA auto_vacuum = INCREMENTAL');
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = ${mostLogBytes}`,
    );
    const found = userVersion(database);
    try {
      migrate(database);
      return tablesOf(database, onOdd);
    } catch (error) {
      // Our statements are tested: an SQL error means that the schema is not ours.
      if (!isSqlError(error)) throw error;
      throw new DiskFailure(found > currentVersion ? 'newer' : 'damaged', path, error);
    }
  } catch (error) {
    database.close();
    throw error;
  }
}

/** An empty database that ends with the process. */
export function openInMemory(onOdd: OddRowListener = () => {}): Tables {
  return openDatabase(':memory:', onOdd);
}

function isSqlError(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 1;
}

/** The readable rows of a database that can't be written; undefined when there are none. */
export function readUnwritable(path: string): Contents | undefined {
  const { DatabaseSync } = loadSqlite();
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      return readContents(database);
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

/**
 * Loads `node:sqlite` on first use, without the `ExperimentalWarning` that Node 22 prints into users'
 * terminals. Throws on a Node that was built or started without it.
 */
function loadSqlite(): typeof import('node:sqlite') {
  const { emitWarning } = process;
  process.emitWarning = (...[warning, ...rest]: unknown[]) => {
    if (String(warning).startsWith('SQLite is an experimental feature')) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    const sqlite = process.getBuiltinModule('node:sqlite');
    if (!sqlite)
      throw new Error('This Node.js has no node:sqlite: use one that was built and started with it.');
    return sqlite;
  } finally {
    process.emitWarning = emitWarning;
  }
}
