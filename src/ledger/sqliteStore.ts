import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { BillingSwitch } from '../limits/account/billingSwitch.ts';
import type { LearnedLimit } from '../limits/pacing/learnedLimits.ts';
import type { Refusal, RefusalCause } from '../limits/refusals/refusal.ts';
import type { RequestTally, TallyTotal } from '../limits/requests/requestTally.ts';
import type { StoredPart } from './ledger.ts';
import { LimitTable } from './limitTable.ts';
import { toPart } from './partRow.ts';
import { RefusalTable } from './refusalTable.ts';
import { remember } from './remember.ts';
import { balancesKeptMs, partsKeptMs, sweepRows } from './retention.ts';
import type { Remembered, Store } from './store.ts';
import { SwitchTable } from './switchTable.ts';
import type { TallyHour } from './tallyRollup.ts';
import { TallyTable } from './tallyTable.ts';
import { transaction } from './transaction.ts';

/** The ledger in an open, migrated database. Every method throws SQLite's error when the disk fails. */
export class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  readonly #refusals: RefusalTable;
  readonly #tallies: TallyTable;
  readonly #switches: SwitchTable;
  readonly #limits: LimitTable;
  readonly #statements: ReturnType<typeof prepare>;

  /** Throws when the database lacks a table or column. */
  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#refusals = new RefusalTable(database);
    this.#tallies = new TallyTable(database);
    this.#switches = new SwitchTable(database);
    this.#limits = new LimitTable(database);
    this.#statements = prepare(database);
  }

  atOnce(body: () => void): void {
    transaction(this.#database, body);
  }

  recordRefusals(refusals: readonly Refusal[]): void {
    this.#refusals.record(refusals);
  }

  lastRefusals(count: number): Refusal[] {
    return this.#refusals.last(count);
  }

  refusalsBetween(from: number, to: number, count: number): Refusal[] {
    return this.#refusals.between(from, to, count);
  }

  forgetRefusals(until: number): void {
    this.#refusals.forget(until);
  }

  refusalCountsByCause(since: number): Map<RefusalCause, number> {
    return this.#refusals.countsByCause(since);
  }

  refusalCountsByHour(since: number): Map<number, number> {
    return this.#refusals.countsByHour(since);
  }

  writeTallies(tallies: readonly RequestTally[], hours: readonly TallyHour[]): void {
    this.#tallies.write(tallies, hours);
  }

  lastTallies(count: number): RequestTally[] {
    return this.#tallies.last(count);
  }

  tallyTotals(since: number): TallyTotal[] {
    return this.#tallies.totals(since);
  }

  shareLimits(learned: readonly LearnedLimit[]): void {
    this.#limits.write(learned);
  }

  sharedLimits(since: number): LearnedLimit[] {
    return this.#limits.since(since);
  }

  recordSwitch(billingSwitch: BillingSwitch): void {
    this.#switches.record(billingSwitch);
  }

  lastSwitches(count: number): BillingSwitch[] {
    return this.#switches.last(count);
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
    const left = [this.#refusals, this.#tallies, this.#switches, this.#limits].map(table => table.sweep(now));
    const balances = this.#statements.sweepBalances.run(now - balancesKeptMs, sweepRows);
    const parts = this.#statements.sweepParts.run(now - partsKeptMs, sweepRows);
    return left.includes(true) || [balances, parts].some(({ changes }) => Number(changes) === sweepRows);
  }

  /** Never throws. */
  remember(): Remembered {
    return remember(this.#database);
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
  };
}
