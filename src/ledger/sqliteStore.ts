import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Refusal, RefusalCause } from '../limits/refusal.ts';
import type { StoredPart } from './ledger.ts';
import { RefusalTable } from './refusalTable.ts';
import { balancesKeptMs, partsKeptMs, sweepRows } from './retention.ts';
import type { Remembered, Store } from './store.ts';

const rememberedRefusals = 500;
const rememberedBalances = 5_000;

/** The ledger in an open, migrated database. Every method throws SQLite's error when the disk fails. */
export class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  readonly #refusals: RefusalTable;
  readonly #statements: ReturnType<typeof prepare>;

  /** Throws when the database lacks a table or column. */
  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#refusals = new RefusalTable(database);
    this.#statements = prepare(database);
  }

  recordRefusals(refusals: readonly Refusal[]): void {
    this.#refusals.record(refusals);
  }

  lastRefusals(count: number): Refusal[] {
    return this.#refusals.last(count);
  }

  refusalCountsByCause(since: number): Map<RefusalCause, number> {
    return this.#refusals.countsByCause(since);
  }

  refusalCountsByHour(since: number): Map<number, number> {
    return this.#refusals.countsByHour(since);
  }

  readPart(account: string, part: string): StoredPart | undefined {
    const row = this.#statements.readPart.get(account, part);
    return row && toPart(row);
  }

  readParts(account: string): Map<string, StoredPart> {
    return new Map(this.#statements.readParts.all(account).map(row => [String(row.part), toPart(row)]));
  }

  writePart(account: string, part: string, stored: StoredPart): void {
    const { value = null, asOf = null, problem = null } = stored;
    this.#statements.writePart.run(account, part, value, asOf, problem);
  }

  forgetAccount(account: string): void {
    this.#statements.forgetParts.run(account);
    this.#statements.forgetBalances.run(account);
  }

  recordBalance(account: string, at: number, usedNanoUsd: number): void {
    this.#statements.recordBalance.run(account, at, usedNanoUsd);
  }

  balancesSince(account: string, since: number): { at: number; usedNanoUsd: number }[] {
    return this.#statements.balancesSince
      .all(account, since)
      .map(row => ({ at: Number(row.at), usedNanoUsd: Number(row.used_nano_usd) }));
  }

  acquireLease(name: string, holder: string, now: number, ttlMs: number): boolean {
    return this.#statements.acquireLease.run(name, holder, now + ttlMs, now, now + 2 * ttlMs).changes !== 0;
  }

  releaseLease(name: string, holder: string): void {
    this.#statements.releaseLease.run(name, holder);
  }

  getPreference(key: string): string | undefined {
    const row = this.#statements.getPreference.get(key);
    return row && String(row.value);
  }

  setPreference(key: string, value: string | undefined): void {
    if (value === undefined) this.#statements.deletePreference.run(key);
    else this.#statements.setPreference.run(key, value);
  }

  dataVersion(): number {
    return Number(this.#statements.dataVersion.get()?.data_version);
  }

  sweep(now: number): boolean {
    const refusalsLeft = this.#refusals.sweep(now);
    const balances = this.#statements.sweepBalances.run(now - balancesKeptMs, sweepRows);
    const parts = this.#statements.sweepParts.run(now - partsKeptMs, sweepRows);
    return refusalsLeft || [balances, parts].some(({ changes }) => Number(changes) === sweepRows);
  }

  /** What can be read, table by table, to go on without this store. Never throws. */
  remember(): Remembered {
    const { allParts, newestBalances, allLeases, allPreferences } = this.#statements;
    return {
      refusals: readable(() => this.#refusals.last(rememberedRefusals).reverse()),
      tallies: readable(() => this.#refusals.tallies()),
      parts: readable(() =>
        allParts
          .all()
          .map(row => ({ account: String(row.account), part: String(row.part), stored: toPart(row) })),
      ),
      balances: readable(() =>
        newestBalances.all(rememberedBalances).map(row => ({
          account: String(row.account),
          at: Number(row.at),
          usedNanoUsd: Number(row.used_nano_usd),
        })),
      ),
      leases: readable(() =>
        allLeases.all().map(row => ({
          name: String(row.name),
          holder: String(row.holder),
          expiresAt: Number(row.expires_at),
        })),
      ),
      preferences: readable(() =>
        allPreferences.all().map(row => ({ key: String(row.key), value: String(row.value) })),
      ),
    };
  }

  close(): void {
    this.#database.close();
  }
}

function prepare(database: DatabaseSync) {
  const statement = (sql: string): StatementSync => database.prepare(sql);
  return {
    readPart: statement('SELECT value, as_of, problem FROM parts WHERE account = ? AND part = ?'),
    readParts: statement('SELECT part, value, as_of, problem FROM parts WHERE account = ?'),
    writePart: statement('REPLACE INTO parts (account, part, value, as_of, problem) VALUES (?, ?, ?, ?, ?)'),
    forgetParts: statement('DELETE FROM parts WHERE account = ?'),
    forgetBalances: statement('DELETE FROM balances WHERE account = ?'),
    recordBalance: statement('REPLACE INTO balances (account, at, used_nano_usd) VALUES (?, ?, ?)'),
    balancesSince: statement(
      'SELECT at, used_nano_usd FROM balances WHERE account = ? AND at >= ? ORDER BY at',
    ),
    sweepBalances: statement(
      `DELETE FROM balances WHERE (account, at) IN
         (SELECT account, at FROM balances WHERE at < ? ORDER BY at LIMIT ?)`,
    ),
    // The newest answer goes last: without it nothing would tell the age of the rows that are left.
    sweepParts: statement(
      `DELETE FROM parts WHERE (account, part) IN
         (SELECT account, part FROM parts
          WHERE account IN (SELECT account FROM parts GROUP BY account HAVING MAX(as_of) < ?)
          ORDER BY as_of LIMIT ?)`,
    ),
    // A lease that ends more than two terms ahead was taken while the clock was wrong, and would never end.
    acquireLease: statement(
      `INSERT INTO leases (name, holder, expires_at) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
       WHERE holder = excluded.holder OR expires_at <= ? OR expires_at > ?`,
    ),
    releaseLease: statement('DELETE FROM leases WHERE name = ? AND holder = ?'),
    getPreference: statement('SELECT value FROM preferences WHERE key = ?'),
    setPreference: statement('REPLACE INTO preferences (key, value) VALUES (?, ?)'),
    deletePreference: statement('DELETE FROM preferences WHERE key = ?'),
    dataVersion: statement('PRAGMA data_version'),
    allParts: statement('SELECT account, part, value, as_of, problem FROM parts'),
    newestBalances: statement('SELECT account, at, used_nano_usd FROM balances ORDER BY at DESC LIMIT ?'),
    allLeases: statement('SELECT name, holder, expires_at FROM leases'),
    allPreferences: statement('SELECT key, value FROM preferences'),
  };
}

function readable<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch {
    return [];
  }
}

function toPart(row: Record<string, SQLOutputValue>): StoredPart {
  return {
    ...(row.value !== null && { value: String(row.value) }),
    ...(row.as_of !== null && { asOf: Number(row.as_of) }),
    ...(row.problem !== null && { problem: String(row.problem) }),
  };
}
