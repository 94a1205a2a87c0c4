import type { DatabaseSync } from 'node:sqlite';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The newest request tallies are kept, at most so many. */
export const talliesKept = 50_000;
/** Limits that gateways learned: the next response reports the windows that are longer than that. */
export const limitsKeptMs = hourMs;
/** Rows that one sweep deletes from each table at most: some milliseconds. */
export const sweepRows = 500;
/** One window or CLI sweeps, once in this time. */
export const sweepEveryMs = hourMs;
/** The pace while outdated rows are left. */
export const sweepAgainMs = 10_000;

/** How to delete at most ?2 rows from before ?1 (epoch ms). */
const rules: readonly { readonly keptMs: number; readonly sql: string }[] = [
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
    sql: `DELETE FROM billing_switches WHERE id IN
            (SELECT id FROM (SELECT id, at FROM billing_switches ORDER BY id LIMIT ?2) WHERE at < ?1)`,
  },
  {
    keptMs: limitsKeptMs,
    sql: `DELETE FROM learned_limits WHERE (limit_name, gateway) IN
            (SELECT limit_name, gateway FROM learned_limits WHERE at < ?1 ORDER BY at LIMIT ?2)`,
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

/** Deletes a bounded number of outdated rows; true when more are left. Throws when a table is missing. */
export function sweeper(database: DatabaseSync): (now: number) => boolean {
  const sweeps = rules.map(({ keptMs, sql }) => ({ keptMs, statement: database.prepare(sql) }));
  return now =>
    sweeps
      .map(({ keptMs, statement }) => Number(statement.run(now - keptMs, sweepRows).changes))
      .includes(sweepRows);
}
