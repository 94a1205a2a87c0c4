import type { DatabaseSync } from 'node:sqlite';
import {
  mostBalances,
  mostLeases,
  mostNoticePreferences,
  mostParts,
  mostPreferences,
  mostRefusals,
  mostSwitches,
} from '../limits/bounds.ts';
import { fileShrinker } from './fileSize.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Limits that gateways learned: the next response reports the windows that are longer than that. */
export const limitsKeptMs = hourMs;
/** Rows that one sweep deletes from each table at most: some milliseconds. */
export const sweepRows = 2_000;
/** One window or CLI sweeps, once in this time. */
export const sweepEveryMs = hourMs;
/** The pace while rows beyond the bounds are left. */
export const sweepAgainMs = 2_000;
/** A process sweeps after so many changes of its own, too. Fewer than `sweepRows`, so that sweeps keep up. */
export const sweepChanges = 1_000;

/** How to delete at most ?2 rows from before ?1 (epoch ms). */
const ages: readonly { readonly keptMs: number; readonly sql: string }[] = [
  {
    keptMs: 90 * dayMs,
    sql: `DELETE FROM refusals WHERE id IN
            (SELECT id FROM refusals WHERE at < ?1 ORDER BY at LIMIT ?2)`,
  },
  // Looks at the first rows only, so that a sweep that finds nothing is cheap.
  {
    keptMs: 30 * dayMs,
    sql: `DELETE FROM request_tallies WHERE id IN
            (SELECT id FROM (SELECT id, at FROM request_tallies ORDER BY id LIMIT ?2) WHERE at < ?1)`,
  },
  {
    keptMs: 366 * dayMs,
    sql: `DELETE FROM request_hours WHERE (hour, billed_to, provider, model) IN
            (SELECT hour, billed_to, provider, model FROM request_hours
             WHERE hour <= ?1 - ${hourMs} ORDER BY hour LIMIT ?2)`,
  },
  {
    keptMs: 366 * dayMs,
    sql: `DELETE FROM workspace_quarters WHERE (quarter, workspace) IN
            (SELECT quarter, workspace FROM workspace_quarters
             WHERE quarter <= ?1 - ${hourMs / 4} ORDER BY quarter LIMIT ?2)`,
  },
  {
    keptMs: 366 * dayMs,
    sql: `DELETE FROM billing_switches WHERE id IN
            (SELECT id FROM (SELECT id, at FROM billing_switches ORDER BY id LIMIT ?2) WHERE at < ?1)`,
  },
  {
    keptMs: limitsKeptMs,
    sql: `DELETE FROM learned_limits WHERE (limit_name, gateway) IN
            (SELECT limit_name, gateway FROM learned_limits WHERE at < ?1 ORDER BY at LIMIT ?2)`,
  },
  {
    keptMs: hourMs,
    sql: `DELETE FROM leases WHERE name IN
            (SELECT name FROM leases WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2)`,
  },
  // Balance samples: the running month and the one before it.
  {
    keptMs: 62 * dayMs,
    sql: `DELETE FROM balances WHERE (account, at) IN
            (SELECT account, at FROM balances WHERE at < ?1 ORDER BY at LIMIT ?2)`,
  },
  // An account whose newest part is that old: no session uses its token any more. The newest part goes last.
  {
    keptMs: 62 * dayMs,
    sql: `DELETE FROM parts WHERE (account, part) IN
            (SELECT account, part FROM parts
             WHERE account IN (SELECT account FROM parts GROUP BY account HAVING MAX(as_of) < ?1)
             ORDER BY as_of LIMIT ?2)`,
  },
];

/**
 * How to delete at most ?2 rows beyond the newest ?1. A preference without a slash is one of a few fixed ones; behind
 * the slash is a workspace, a hash or an account.
 */
const counts: readonly { readonly most: number; readonly sql: string }[] = [
  {
    most: mostRefusals,
    sql: `DELETE FROM refusals WHERE id IN
            (SELECT id FROM refusals WHERE id <= (SELECT id FROM refusals ORDER BY id DESC LIMIT 1 OFFSET ?1)
             ORDER BY id LIMIT ?2)`,
  },
  {
    most: mostSwitches,
    sql: `DELETE FROM billing_switches WHERE id IN
            (SELECT id FROM billing_switches
             WHERE id <= (SELECT id FROM billing_switches ORDER BY id DESC LIMIT 1 OFFSET ?1)
             ORDER BY id LIMIT ?2)`,
  },
  {
    most: mostBalances,
    sql: `DELETE FROM balances WHERE (account, at) IN
            (SELECT account, at FROM balances ORDER BY at DESC LIMIT ?2 OFFSET ?1)`,
  },
  {
    most: mostParts,
    sql: `DELETE FROM parts WHERE (account, part) IN
            (SELECT account, part FROM parts ORDER BY ifnull(as_of, 0) DESC LIMIT ?2 OFFSET ?1)`,
  },
  {
    most: mostNoticePreferences,
    sql: `DELETE FROM preferences WHERE key IN
            (SELECT key FROM preferences WHERE key GLOB 'notice*'
             ORDER BY ifnull(set_at, 0) DESC LIMIT ?2 OFFSET ?1)`,
  },
  {
    most: mostPreferences,
    sql: `DELETE FROM preferences WHERE key IN
            (SELECT key FROM preferences WHERE key GLOB '*/*' AND key NOT GLOB 'notice*'
             ORDER BY ifnull(set_at, 0) DESC LIMIT ?2 OFFSET ?1)`,
  },
  {
    most: mostLeases,
    sql: `DELETE FROM leases WHERE name IN
            (SELECT name FROM leases ORDER BY expires_at DESC LIMIT ?2 OFFSET ?1)`,
  },
];

/**
 * Brings a bounded number of rows within the bounds: outdated ones, then those beyond a count, then the file's
 * size. True when more are left. Throws when a table is missing.
 * @param folds `tallyTable.fold` and `workspaceTable.fold`
 */
export function sweeper(
  database: DatabaseSync,
  folds: readonly ((rows: number) => boolean)[],
): (now: number) => boolean {
  const byAge = ages.map(({ keptMs, sql }) => ({ keptMs, statement: database.prepare(sql) }));
  const byCount = counts.map(({ most, sql }) => ({ most, statement: database.prepare(sql) }));
  const shrink = fileShrinker(database);
  return now => {
    const deleted = [
      ...byAge.map(({ keptMs, statement }) => statement.run(now - keptMs, sweepRows).changes),
      ...byCount.map(({ most, statement }) => statement.run(most, sweepRows).changes),
    ];
    const hasMoreSums = folds.map(fold => fold(sweepRows));
    const hasMore = hasMoreSums.includes(true) || deleted.map(Number).includes(sweepRows);
    return shrink({ mayDelete: !hasMore }) || hasMore;
  };
}
