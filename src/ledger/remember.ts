import type { DatabaseSync } from 'node:sqlite';
import { toPart } from './partRow.ts';
import { RefusalTable } from './refusalTable.ts';
import type { Remembered } from './store.ts';
import { SwitchTable } from './switchTable.ts';
import { TallyTable } from './tallyTable.ts';

const rememberedRows = 500;
const rememberedBalances = 5_000;
const rememberedHours = 5_000;

/**
 * What can be read, table by table, to go on without this database. Never throws: tables may be damaged, and
 * those that a newer version added are missing where an older file can't be written to.
 */
export function remember(database: DatabaseSync): Remembered {
  return {
    refusals: readable(() => new RefusalTable(database).last(rememberedRows).reverse()),
    refusalHours: readable(() => new RefusalTable(database).hours()),
    tallies: readable(() => new TallyTable(database).last(rememberedRows).reverse()),
    tallyHours: readable(() => new TallyTable(database).newestHours(rememberedHours)),
    switches: readable(() => new SwitchTable(database).last(rememberedRows).reverse()),
    parts: readable(() =>
      database
        .prepare('SELECT account, part, value, as_of, problem FROM parts')
        .all()
        .map(row => ({ account: String(row.account), part: String(row.part), stored: toPart(row) })),
    ),
    balances: readable(() =>
      database
        .prepare('SELECT account, at, used_nano_usd FROM balances ORDER BY at DESC LIMIT ?')
        .all(rememberedBalances)
        .map(row => ({
          account: String(row.account),
          at: Number(row.at),
          usedNanoUsd: Number(row.used_nano_usd),
        })),
    ),
    leases: readable(() =>
      database
        .prepare('SELECT name, holder, expires_at FROM leases')
        .all()
        .map(row => ({
          name: String(row.name),
          holder: String(row.holder),
          expiresAt: Number(row.expires_at),
        })),
    ),
    preferences: readable(() =>
      database
        .prepare('SELECT key, value FROM preferences')
        .all()
        .map(row => ({ key: String(row.key), value: String(row.value) })),
    ),
  };
}

function readable<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch {
    return [];
  }
}
