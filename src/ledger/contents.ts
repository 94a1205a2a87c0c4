import type { DatabaseSync } from 'node:sqlite';
import type { RequestTally } from '../limits/requests/requestTally.ts';
import { transaction } from './locking.ts';
import { toSighting } from './refusalRow.ts';
import type { Sighting } from './sameRefusal.ts';
import { anyIntegers, type Row, readRows } from './storedRow.ts';
import type { Tables } from './tables.ts';
import { toTallyHour } from './tallyHourRow.ts';
import type { TallyHour } from './tallyHours.ts';
import { toTally } from './tallyTable.ts';

/** Rows to copy to another database, oldest first. Learned limits are momentary, and stay behind. */
export interface Contents {
  readonly sightings: readonly Sighting[];
  readonly tallies: readonly RequestTally[];
  readonly tallyHours: readonly TallyHour[];
  /** Rows of each of `copied`. */
  readonly others: readonly (readonly Row[])[];
}

interface Copied {
  readonly table: string;
  readonly columns: readonly string[];
  /** The newest ones by this column: of a log or of sums. Undefined: all. */
  readonly newest?: readonly [column: string, of: 'rows' | 'sums'];
  /** What becomes of a row that is there; undefined: it stays. */
  readonly onConflict?: string;
}

/** Tables whose rows go over as they are. */
const copied: readonly Copied[] = [
  {
    table: 'parts',
    columns: ['account', 'part', 'value', 'as_of', 'problem'],
    // A part that was read later stays.
    onConflict: `(account, part) DO UPDATE
      SET value = excluded.value, as_of = excluded.as_of, problem = excluded.problem
      WHERE ifnull(as_of, 0) <= ifnull(excluded.as_of, 0)`,
  },
  {
    table: 'balances',
    columns: ['account', 'at', 'used_nano_usd', 'requests'],
    newest: ['at', 'sums'],
    onConflict: `(account, at) DO UPDATE
      SET used_nano_usd = excluded.used_nano_usd, requests = excluded.requests`,
  },
  {
    table: 'billing_switches',
    columns: ['at', 'workspace', 'switched_from', 'switched_to', 'reason'],
    newest: ['id', 'rows'],
  },
  {
    table: 'workspace_quarters',
    columns: ['quarter', 'workspace', 'billed_to', 'requests', 'cost_nano_usd', 'uncosted'],
    newest: ['quarter', 'sums'],
    onConflict: `(quarter, workspace, billed_to) DO UPDATE SET requests = requests + excluded.requests,
      cost_nano_usd = cost_nano_usd + excluded.cost_nano_usd, uncosted = uncosted + excluded.uncosted`,
  },
  // A lease that runs here stays.
  { table: 'leases', columns: ['name', 'holder', 'expires_at'] },
  {
    table: 'preferences',
    columns: ['key', 'value', 'set_at'],
    onConflict: '(key) DO UPDATE SET value = excluded.value, set_at = excluded.set_at',
  },
];

/**
 * The newest `rows` of each log and the newest `sums` of hours and balances. Never throws: tables and columns may be
 * damaged, or missing in an old file that can't be migrated because it can't be written.
 */
export function readContents(database: DatabaseSync, rows = 500, sums = 5_000): Contents {
  const read = (sql: string, ...most: number[]): Row[] => {
    try {
      return anyIntegers(database.prepare(sql))
        .all(...most)
        .reverse();
    } catch {
      return [];
    }
  };
  const readAs = <T>(toRow: (row: Row) => T, sql: string, most: number): T[] =>
    readRows('', read(sql, most), toRow, () => {});
  return {
    sightings: readAs(toSighting, 'SELECT * FROM refusals ORDER BY at DESC, id DESC LIMIT ?', rows),
    tallies: readAs(toTally, 'SELECT * FROM request_tallies ORDER BY id DESC LIMIT ?', rows),
    tallyHours: readAs(toTallyHour, 'SELECT * FROM request_hours ORDER BY hour DESC LIMIT ?', sums),
    others: copied.map(({ table, newest }) => {
      if (!newest) return read(`SELECT * FROM ${table}`);
      const [column, of] = newest;
      return read(`SELECT * FROM ${table} ORDER BY ${column} DESC LIMIT ?`, { rows, sums }[of]);
    }),
  };
}

/** Adds the contents to what the tables hold, all or nothing. */
export function writeContents({ database, refusals, tallies }: Tables, contents: Contents): void {
  transaction(database, () => {
    for (const [index, { table, columns, onConflict }] of copied.entries()) {
      // OR IGNORE: a damaged row may hold a NULL.
      const insert = database.prepare(
        `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
         ${onConflict === undefined ? '' : `ON CONFLICT ${onConflict}`}`,
      );
      for (const row of contents.others[index] ?? [])
        insert.run(...columns.map(column => row[column] ?? null));
    }
    refusals.recordSightings(contents.sightings);
    tallies.write(contents.tallies, contents.tallyHours, []);
  });
}
