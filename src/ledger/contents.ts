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
  /** Rows as they are, and the SQL that adds one. */
  readonly others: readonly { readonly rows: readonly Row[]; readonly insert: string }[];
}

/**
 * The newest `rows` of each log and the newest `sums` of hours and balances. Never throws: tables may be
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
    // OR IGNORE: a damaged row may hold a NULL.
    others: [
      {
        rows: read('SELECT account, part, value, as_of, problem FROM parts'),
        // A part that was read later stays.
        insert: `INSERT OR IGNORE INTO parts (account, part, value, as_of, problem)
                 VALUES ($account, $part, $value, $as_of, $problem)
                 ON CONFLICT (account, part) DO UPDATE
                 SET value = excluded.value, as_of = excluded.as_of, problem = excluded.problem
                 WHERE ifnull(as_of, 0) <= ifnull(excluded.as_of, 0)`,
      },
      {
        rows: read('SELECT account, at, used_nano_usd FROM balances ORDER BY at DESC LIMIT ?', sums),
        insert: `INSERT OR IGNORE INTO balances (account, at, used_nano_usd)
                 VALUES ($account, $at, $used_nano_usd)
                 ON CONFLICT (account, at) DO UPDATE SET used_nano_usd = excluded.used_nano_usd`,
      },
      {
        rows: read(
          `SELECT at, workspace, switched_from, switched_to, reason FROM billing_switches
           ORDER BY id DESC LIMIT ?`,
          rows,
        ),
        insert: `INSERT OR IGNORE INTO billing_switches (at, workspace, switched_from, switched_to, reason)
                 VALUES ($at, $workspace, $switched_from, $switched_to, $reason)`,
      },
      {
        rows: read(
          `SELECT quarter, workspace, requests, cost_nano_usd, uncosted FROM workspace_quarters
           ORDER BY quarter DESC LIMIT ?`,
          sums,
        ),
        insert: `INSERT OR IGNORE INTO workspace_quarters (quarter, workspace, requests, cost_nano_usd, uncosted)
                 VALUES ($quarter, $workspace, $requests, $cost_nano_usd, $uncosted)
                 ON CONFLICT (quarter, workspace) DO UPDATE SET requests = requests + excluded.requests,
                   cost_nano_usd = cost_nano_usd + excluded.cost_nano_usd,
                   uncosted = uncosted + excluded.uncosted`,
      },
      {
        rows: read('SELECT name, holder, expires_at FROM leases'),
        // A lease that runs here stays.
        insert: `INSERT OR IGNORE INTO leases (name, holder, expires_at)
                 VALUES ($name, $holder, $expires_at)`,
      },
      {
        rows: read('SELECT key, value FROM preferences'),
        insert: `INSERT OR IGNORE INTO preferences (key, value) VALUES ($key, $value)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
      },
    ],
  };
}

/** Adds the contents to what the tables hold, all or nothing. */
export function writeContents({ database, refusals, tallies }: Tables, contents: Contents): void {
  transaction(database, () => {
    for (const { rows, insert } of contents.others) {
      const statement = database.prepare(insert);
      for (const row of rows) statement.run(row);
    }
    refusals.recordSightings(contents.sightings);
    tallies.write(contents.tallies, contents.tallyHours, []);
  });
}
