import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';

export interface Balance {
  readonly at: number;
  readonly usedNanoUsd: number;
}

export interface StoredPart {
  /** JSON. */
  readonly value?: string;
  /** Epoch ms. */
  readonly asOf?: number;
  /** JSON. */
  readonly problem?: string;
}

/** The parts of each account as Hugging Face reported them, and samples of its month's spend. */
export function accountTable(database: DatabaseSync) {
  const readPart = database.prepare('SELECT value, as_of, problem FROM parts WHERE account = ? AND part = ?');
  const readParts = database.prepare('SELECT part, value, as_of, problem FROM parts WHERE account = ?');
  const writePart = database.prepare(
    'REPLACE INTO parts (account, part, value, as_of, problem) VALUES (?, ?, ?, ?, ?)',
  );
  const forgetParts = database.prepare('DELETE FROM parts WHERE account = ?');
  const forgetBalances = database.prepare('DELETE FROM balances WHERE account = ?');
  const recordBalance = database.prepare(
    'REPLACE INTO balances (account, at, used_nano_usd) VALUES (?, ?, ?)',
  );
  const balancesSince = database.prepare(
    'SELECT at, used_nano_usd FROM balances WHERE account = ? AND at >= ? ORDER BY at',
  );
  return {
    read(account: string, part: string): StoredPart | undefined {
      const row = readPart.get(account, part);
      return row && toPart(row);
    },
    readAll(account: string): Map<string, StoredPart> {
      return new Map(readParts.all(account).map(row => [String(row.part), toPart(row)]));
    },
    write(account: string, part: string, { value, asOf, problem }: StoredPart): void {
      writePart.run(account, part, value ?? null, asOf ?? null, problem ?? null);
    },
    forget(account: string): void {
      forgetParts.run(account);
      forgetBalances.run(account);
    },
    recordBalance(account: string, at: number, usedNanoUsd: number): void {
      recordBalance.run(account, at, usedNanoUsd);
    },
    balancesSince(account: string, since: number): Balance[] {
      return balancesSince
        .all(account, since)
        .map(row => ({ at: Number(row.at), usedNanoUsd: Number(row.used_nano_usd) }));
    },
  };
}

function toPart(row: Record<string, SQLOutputValue>): StoredPart {
  return {
    ...(row.value !== null && { value: String(row.value) }),
    ...(row.as_of !== null && { asOf: Number(row.as_of) }),
    ...(row.problem !== null && { problem: String(row.problem) }),
  };
}
