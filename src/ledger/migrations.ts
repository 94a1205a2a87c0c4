import type { DatabaseSync } from 'node:sqlite';
import { transaction } from './locking.ts';
import { redactRefusals } from './redactedRefusals.ts';

/**
 * Each entry takes the database from version n to n + 1 (`PRAGMA user_version`). A released entry never
 * changes. Entries only add: tables, indexes, columns that may be NULL or have a default. Windows and the CLI
 * of several versions share one file (an update reaches a window only when it reloads), so an older program
 * must be able to read and write a newer file: it takes a missing table for damage and sets the file aside. A
 * change that can't be an addition starts a file with a new name instead.
 */
const steps: readonly (string | ((database: DatabaseSync) => void))[] = [
  `CREATE TABLE refusals (
     id INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     status INTEGER NOT NULL,
     cause TEXT NOT NULL,
     refused_by TEXT NOT NULL,
     scope TEXT,
     limit_value REAL,
     remaining REAL,
     window_seconds REAL,
     resets_at INTEGER,
     billed_to TEXT,
     model TEXT,
     source TEXT NOT NULL,
     message TEXT NOT NULL,
     witnesses INTEGER NOT NULL
   );
   CREATE INDEX refusals_at ON refusals (at);
   CREATE INDEX refusals_witnesses_at ON refusals (witnesses, at);
   CREATE TABLE refusal_hours (
     hour INTEGER NOT NULL,
     cause TEXT NOT NULL,
     count INTEGER NOT NULL,
     PRIMARY KEY (hour, cause)
   ) WITHOUT ROWID;
   CREATE TABLE parts (
     account TEXT NOT NULL,
     part TEXT NOT NULL,
     value TEXT,
     as_of INTEGER,
     problem TEXT,
     PRIMARY KEY (account, part)
   ) WITHOUT ROWID;
   CREATE TABLE balances (
     account TEXT NOT NULL,
     at INTEGER NOT NULL,
     used_nano_usd INTEGER NOT NULL,
     PRIMARY KEY (account, at)
   ) WITHOUT ROWID;
   CREATE INDEX balances_at ON balances (at);
   CREATE TABLE leases (
     name TEXT PRIMARY KEY,
     holder TEXT NOT NULL,
     expires_at INTEGER NOT NULL
   ) WITHOUT ROWID;
   CREATE TABLE preferences (
     key TEXT PRIMARY KEY,
     value TEXT NOT NULL
   ) WITHOUT ROWID;`,
  // Amounts are REAL: integers up to 2^53 are exact, and a larger sum can still be read. In `request_hours`
  // an unknown provider or model is '': NULLs would not conflict.
  `CREATE TABLE request_tallies (
     id INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     status INTEGER NOT NULL,
     billed_to TEXT NOT NULL,
     provider TEXT,
     model TEXT,
     prompt_tokens REAL,
     completion_tokens REAL,
     cost_nano_usd REAL,
     duration_ms REAL NOT NULL
   );
   CREATE TABLE request_hours (
     hour INTEGER NOT NULL,
     billed_to TEXT NOT NULL,
     provider TEXT NOT NULL,
     model TEXT NOT NULL,
     requests INTEGER NOT NULL,
     refused INTEGER NOT NULL,
     prompt_tokens REAL NOT NULL,
     completion_tokens REAL NOT NULL,
     cost_nano_usd REAL NOT NULL,
     uncosted INTEGER NOT NULL,
     PRIMARY KEY (hour, billed_to, provider, model)
   ) WITHOUT ROWID;
   CREATE TABLE billing_switches (
     id INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     workspace TEXT,
     switched_from TEXT NOT NULL,
     switched_to TEXT NOT NULL,
     reason TEXT NOT NULL
   );`,
  'ALTER TABLE refusals ADD COLUMN program TEXT;',
  // JSON, at most 2 KiB
  'ALTER TABLE refusals ADD COLUMN headers TEXT;',
  `CREATE TABLE learned_limits (
     limit_name TEXT NOT NULL,
     gateway TEXT NOT NULL,
     at INTEGER NOT NULL,
     learned TEXT NOT NULL,
     PRIMARY KEY (limit_name, gateway)
   ) WITHOUT ROWID;
   CREATE INDEX learned_limits_at ON learned_limits (at);`,
  // Nothing reads these counts any more. The table stays, empty, for older programs, which write it.
  'DELETE FROM refusal_hours;',
  // A row is an episode. NULL: an older program's row, of one refusal. `counts` is JSON, by source.
  `ALTER TABLE refusals ADD COLUMN last_at INTEGER;
   ALTER TABLE refusals ADD COLUMN seen_count INTEGER;
   ALTER TABLE refusals ADD COLUMN counts TEXT;
   ALTER TABLE preferences ADD COLUMN set_at INTEGER;`,
  redactRefusals,
  // NULL: an older program's row, or a request that cost nobody money.
  'ALTER TABLE request_tallies ADD COLUMN accepted_at INTEGER;',
  // NULL: an older program's row, or a request of no workspace.
  'ALTER TABLE request_tallies ADD COLUMN workspace TEXT;',
  // NULL: an older program's row, or Hugging Face did not count them.
  'ALTER TABLE balances ADD COLUMN requests INTEGER;',
  // NULL: an older program's row. What is known of workspaces so far is in the tallies.
  `ALTER TABLE request_tallies ADD COLUMN first_byte_ms REAL;
   ALTER TABLE request_hours ADD COLUMN timed INTEGER;
   ALTER TABLE request_hours ADD COLUMN duration_ms REAL;
   ALTER TABLE request_hours ADD COLUMN streamed INTEGER;
   ALTER TABLE request_hours ADD COLUMN first_byte_ms REAL;
   CREATE TABLE workspace_quarters (
     quarter INTEGER NOT NULL,
     workspace TEXT NOT NULL,
     requests INTEGER NOT NULL,
     cost_nano_usd REAL NOT NULL,
     uncosted INTEGER NOT NULL,
     PRIMARY KEY (quarter, workspace)
   ) WITHOUT ROWID;
   INSERT INTO workspace_quarters
     SELECT CAST(at / 900000 AS INTEGER) * 900000, workspace, count(*), total(cost_nano_usd),
       total(cost_nano_usd IS NULL)
     FROM request_tallies
     WHERE typeof(workspace) = 'text' AND at BETWEEN 0 AND 9e15 AND status BETWEEN 1 AND 399
     GROUP BY 1, 2;`,
];

/** The version after all entries. */
export const currentVersion = steps.length;

/** Brings an older database to the current version. Throws SQLite's error. */
export function migrate(database: DatabaseSync): void {
  if (userVersion(database) >= currentVersion) return;
  transaction(database, () => {
    // Another process may have migrated before the lock was ours.
    const version = userVersion(database);
    for (const step of steps.slice(version)) {
      if (typeof step === 'string') database.exec(step);
      else step(database);
    }
    if (version < currentVersion) database.exec(`PRAGMA user_version = ${currentVersion}`);
  });
  // without the pages as they were
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

export function userVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}
