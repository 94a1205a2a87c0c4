import type { DatabaseSync } from 'node:sqlite';
import type { BalanceSample } from '../limits/account/forecast.ts';
import { mostNameChars, mostPartChars } from '../limits/bounds.ts';
import {
  amount,
  anyIntegers,
  cut,
  maybe,
  type OddRowListener,
  type Row,
  readRows,
  text,
  time,
  withoutUndefined,
} from './storedRow.ts';

export interface StoredPart {
  /** JSON. */
  readonly value?: string;
  /** Epoch ms. */
  readonly asOf?: number;
  /** JSON. */
  readonly problem?: string;
}

/** The parts of each account as Hugging Face reported them, and samples of its month's spend. */
export function accountTable(database: DatabaseSync, onOdd: OddRowListener) {
  const prepare = (sql: string) => anyIntegers(database.prepare(sql));
  const readPart = prepare('SELECT part, value, as_of, problem FROM parts WHERE account = ? AND part = ?');
  const readParts = prepare('SELECT part, value, as_of, problem FROM parts WHERE account = ?');
  const writePart = prepare(
    'REPLACE INTO parts (account, part, value, as_of, problem) VALUES (?, ?, ?, ?, ?)',
  );
  const forgetParts = prepare('DELETE FROM parts WHERE account = ?');
  const forgetBalances = prepare('DELETE FROM balances WHERE account = ?');
  const recordBalance = prepare(
    'REPLACE INTO balances (account, at, used_nano_usd, requests) VALUES (?, ?, ?, ?)',
  );
  const balancesSince = prepare(
    'SELECT at, used_nano_usd, requests FROM balances WHERE account = ? AND at >= ? ORDER BY at',
  );
  const leastByHour = prepare(
    `SELECT MAX(at) AS at, MIN(used_nano_usd) AS used_nano_usd, MAX(requests) AS requests FROM balances
     WHERE account = ? AND at >= ? AND at < ? GROUP BY at / 3600000 ORDER BY at`,
  );
  return {
    read(account: string, part: string): StoredPart | undefined {
      const rows = readPart.all(cut(account, mostNameChars), cut(part, mostNameChars));
      return readRows('parts', rows, toPart, onOdd)[0]?.[1];
    },
    readAll(account: string): Map<string, StoredPart> {
      return new Map(readRows('parts', readParts.all(cut(account, mostNameChars)), toPart, onOdd));
    },
    write(account: string, part: string, { value, asOf, problem }: StoredPart): void {
      writePart.run(
        cut(account, mostNameChars),
        cut(part, mostNameChars),
        shortEnough(value),
        asOf ?? null,
        shortEnough(problem),
      );
    },
    forget(account: string): void {
      forgetParts.run(account);
      forgetBalances.run(account);
    },
    recordBalance(account: string, at: number, usedNanoUsd: number, requests?: number): void {
      recordBalance.run(cut(account, mostNameChars), at, usedNanoUsd, requests ?? null);
    },
    balancesSince(account: string, since: number): BalanceSample[] {
      return readRows('balances', balancesSince.all(account, since), toBalance, onOdd);
    },
    /** The least of each hour: spend is only taken back, so the rest were placeholders. */
    leastByHour(account: string, since: number, until: number): BalanceSample[] {
      return readRows('balances', leastByHour.all(account, since, until), toBalance, onOdd);
    },
  };
}

/** JSON that is cut could not be parsed. */
function shortEnough(json: string | undefined): string | null {
  return json === undefined || json.length > mostPartChars ? null : json;
}

function toPart(row: Row): [string, StoredPart] {
  const json = (value: Row[string] | undefined) => text(value, mostPartChars);
  return [
    text(row.part, mostNameChars),
    withoutUndefined<StoredPart>({
      value: maybe(row.value, json),
      asOf: maybe(row.as_of, time),
      problem: maybe(row.problem, json),
    }),
  ];
}

function toBalance(row: Row): BalanceSample {
  return withoutUndefined<BalanceSample>({
    at: time(row.at),
    usedNanoUsd: amount(row.used_nano_usd),
    requests: maybe(row.requests, amount),
  });
}
