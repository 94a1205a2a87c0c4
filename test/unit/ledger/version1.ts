/** The schema of version 1, the first that was released. */
export const version1 = `
  CREATE TABLE refusals (
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
   ) WITHOUT ROWID;
   PRAGMA journal_mode = WAL;
   PRAGMA user_version = 1;`;
