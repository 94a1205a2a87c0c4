import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Balance, StoredPart } from './ledger.ts';
import { balancesKeptMs, partsKeptMs, sweepRows } from './retention.ts';

/** The parts of each account as Hugging Face reported them, and samples of its month's spend. */
export class AccountTable {
  readonly #readPart: StatementSync;
  readonly #readParts: StatementSync;
  readonly #writePart: StatementSync;
  readonly #forgetParts: StatementSync;
  readonly #forgetBalances: StatementSync;
  readonly #recordBalance: StatementSync;
  readonly #balancesSince: StatementSync;
  readonly #sweepBalances: StatementSync;
  readonly #sweepParts: StatementSync;

  constructor(database: DatabaseSync) {
    this.#readPart = database.prepare(
      'SELECT value, as_of, problem FROM parts WHERE account = ? AND part = ?',
    );
    this.#readParts = database.prepare('SELECT part, value, as_of, problem FROM parts WHERE account = ?');
    this.#writePart = database.prepare(
      'REPLACE INTO parts (account, part, value, as_of, problem) VALUES (?, ?, ?, ?, ?)',
    );
    this.#forgetParts = database.prepare('DELETE FROM parts WHERE account = ?');
    this.#forgetBalances = database.prepare('DELETE FROM balances WHERE account = ?');
    this.#recordBalance = database.prepare(
      'REPLACE INTO balances (account, at, used_nano_usd) VALUES (?, ?, ?)',
    );
    this.#balancesSince = database.prepare(
      'SELECT at, used_nano_usd FROM balances WHERE account = ? AND at >= ? ORDER BY at',
    );
    this.#sweepBalances = database.prepare(
      `DELETE FROM balances WHERE (account, at) IN
         (SELECT account, at FROM balances WHERE at < ? ORDER BY at LIMIT ?)`,
    );
    // The newest part of an account goes last: its age is the age of the account.
    this.#sweepParts = database.prepare(
      `DELETE FROM parts WHERE (account, part) IN
         (SELECT account, part FROM parts
          WHERE account IN (SELECT account FROM parts GROUP BY account HAVING MAX(as_of) < ?)
          ORDER BY as_of LIMIT ?)`,
    );
  }

  read(account: string, part: string): StoredPart | undefined {
    const row = this.#readPart.get(account, part);
    return row && toPart(row);
  }

  readAll(account: string): Map<string, StoredPart> {
    return new Map(this.#readParts.all(account).map(row => [String(row.part), toPart(row)]));
  }

  write(account: string, part: string, { value, asOf, problem }: StoredPart): void {
    this.#writePart.run(account, part, value ?? null, asOf ?? null, problem ?? null);
  }

  forget(account: string): void {
    this.#forgetParts.run(account);
    this.#forgetBalances.run(account);
  }

  recordBalance(account: string, { at, usedNanoUsd }: Balance): void {
    this.#recordBalance.run(account, at, usedNanoUsd);
  }

  balancesSince(account: string, since: number): Balance[] {
    return this.#balancesSince
      .all(account, since)
      .map(row => ({ at: Number(row.at), usedNanoUsd: Number(row.used_nano_usd) }));
  }

  /** True when more outdated rows are left. */
  sweep(now: number): boolean {
    const balances = this.#sweepBalances.run(now - balancesKeptMs, sweepRows);
    const parts = this.#sweepParts.run(now - partsKeptMs, sweepRows);
    return [balances, parts].some(({ changes }) => Number(changes) === sweepRows);
  }
}

export function toPart(row: Record<string, SQLOutputValue>): StoredPart {
  return {
    ...(row.value !== null && { value: String(row.value) }),
    ...(row.as_of !== null && { asOf: Number(row.as_of) }),
    ...(row.problem !== null && { problem: String(row.problem) }),
  };
}
