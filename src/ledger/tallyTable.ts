import type { DatabaseSync } from 'node:sqlite';
import { placeholderNanoUsd } from '../limits/account/credits.ts';
import { mostNameChars, mostTallies } from '../limits/bounds.ts';
import type { Span, SpanTotal } from '../limits/requests/countedSpan.ts';
import type { AcceptedRequests, RequestTally, TallyTotal } from '../limits/requests/requestTally.ts';
import { HourNames } from './hourNames.ts';
import { transaction } from './locking.ts';
import {
  amount,
  anyIntegers,
  cut,
  isTime,
  maybe,
  number,
  type OddRowListener,
  type Row,
  readRows,
  text,
  time,
  withoutUndefined,
} from './storedRow.ts';
import { sumFolder } from './sumFolding.ts';
import { sumAdder, toSpanTotal, toTotal } from './tallyHourRow.ts';
import { hourOf, type TallyHour } from './tallyHours.ts';
import type { WorkspaceQuarter } from './workspaceQuarters.ts';

/** The oldest are deleted by so many at once: a delete in each batch would write their pages each time. */
const trimmedRows = 1_000;
/** Requests among which the accepted ones are looked for. */
const mostRecent = 1_000;
/** Of an older program's table at once. */
const mostTrimmed = 20_000;

/**
 * Request tallies in the order of recording, and their sums by hour. The sums outlive the tallies: `totals` and
 * `between` add them up. A write per request: no index but the order.
 * @param addQuarter `workspaceTable.add`
 */
export function tallyTable(
  database: DatabaseSync,
  onOdd: OddRowListener,
  addQuarter: (quarter: WorkspaceQuarter) => void,
) {
  const insert = database.prepare(
    `INSERT INTO request_tallies (at, status, billed_to, provider, model, prompt_tokens, completion_tokens,
       cost_nano_usd, duration_ms, first_byte_ms, accepted_at, workspace)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const deleteBeyond = database.prepare(
    `DELETE FROM request_tallies WHERE id <= min(
       (SELECT max(id) FROM request_tallies) - ?, (SELECT min(id) FROM request_tallies) + ${mostTrimmed})`,
  );
  const addSum = sumAdder(database);
  const names = new HourNames(database);
  const last = anyIntegers(database.prepare('SELECT * FROM request_tallies ORDER BY id DESC LIMIT ?'));
  const accepted = anyIntegers(
    database.prepare(
      `SELECT billed_to, max(accepted_at) AS last_at, total(is_open) AS open,
         min(iif(is_open, accepted_at, NULL)) AS open_since,
         total(is_open * max(0, ${placeholderNanoUsd} - ifnull(cost_nano_usd, 0))) AS held
       FROM (SELECT billed_to, accepted_at, cost_nano_usd, accepted_at > ?1 AS is_open FROM
         (SELECT * FROM request_tallies ORDER BY id DESC LIMIT ${mostRecent})
         WHERE accepted_at BETWEEN 0 AND ?2)
       GROUP BY billed_to`,
    ),
  );
  // A row with a text in place of an amount is left out.
  const totalsOf = (columns: readonly string[]) =>
    anyIntegers(
      database.prepare(
        `SELECT billed_to, provider, model, ${columns.map(totalOf)}
         FROM request_hours WHERE hour >= ? AND hour < ? AND ${amounts.map(isAmount).join(' AND ')}
         GROUP BY billed_to, provider, model`,
      ),
    );
  const totals = totalsOf(amounts);
  const between = totalsOf([...amounts, ...times]);
  const ends = ['min', 'max'].map(end =>
    database.prepare(`SELECT ${end}(hour) AS hour FROM request_hours WHERE hour BETWEEN 0 AND 9e15`),
  );
  /** Since the last deletion. Starts full: a new process does not know how many there are. */
  let added = trimmedRows;

  function add(given: RequestTally): void {
    const tally = cutNames(given);
    insert.run(
      tally.at,
      tally.status,
      tally.billedTo,
      tally.provider ?? null,
      tally.model ?? null,
      tally.promptTokens ?? null,
      tally.completionTokens ?? null,
      tally.costNanoUsd ?? null,
      tally.durationMs,
      tally.firstByteMs ?? null,
      tally.acceptedAt ?? null,
      tally.workspace ?? null,
    );
  }

  return {
    /** Writes tallies, and adds sums: they need not be those of these tallies. */
    write(
      tallies: readonly RequestTally[],
      hours: readonly TallyHour[],
      quarters: readonly WorkspaceQuarter[],
    ): void {
      transaction(database, () => {
        tallies.forEach(add);
        for (const hour of hours) addSum(names.bounded(cutNames(hour)));
        quarters.forEach(addQuarter);
        if (added + tallies.length >= trimmedRows) deleteBeyond.run(mostTallies - trimmedRows);
      });
      added = (added + tallies.length) % trimmedRows;
    },
    /** The last recorded first. */
    last(count: number): RequestTally[] {
      return readRows('request_tallies', last.all(count), toTally, onOdd);
    },
    /** By payer. @param openSince epoch ms: earlier ones are settled */
    accepted(openSince: number, now: number): AcceptedRequests[] {
      return readRows('request_tallies', accepted.all(openSince, now), toAccepted, onOdd);
    },
    totals(since: number): TallyTotal[] {
      return readRows('request_hours', totals.all(hourOf(since), 9e15), toTotal, onOdd);
    },
    /** The hours that begin in the span. */
    between({ from, until }: Span): SpanTotal[] {
      return readRows('request_hours', between.all(from, until), toSpanTotal, onOdd);
    },
    /** Epoch ms of the first and last hour with requests. */
    hours(): { readonly oldest: number; readonly newest: number } | undefined {
      const [oldest, newest] = ends.map(statement => statement.get()?.hour);
      return isTime(oldest) && isTime(newest) ? { oldest, newest } : undefined;
    },
    /** Brings the sums within their bounds by about so many rows. True when more are left. */
    fold: sumFolder(database, addSum),
  };
}

function toAccepted(row: Row): AcceptedRequests {
  return withoutUndefined<AcceptedRequests>({
    billedTo: text(row.billed_to, mostNameChars),
    lastAt: time(row.last_at),
    open: number(row.open),
    heldNanoUsd: number(row.held),
    openSince: maybe(row.open_since, time),
  });
}

const amounts = ['requests', 'refused', 'prompt_tokens', 'completion_tokens', 'cost_nano_usd', 'uncosted'];
const times = ['timed', 'duration_ms', 'streamed', 'first_byte_ms'];

/** `sum()` throws when integers overflow. */
function totalOf(column: string): string {
  return `total(${column}) AS ${column}`;
}

/** Texts and blobs are greater than any number. */
function isAmount(column: string): string {
  return `${column} BETWEEN 0 AND 1e308`;
}

function cutNames<T extends Pick<TallyTotal, 'billedTo' | 'provider' | 'model'>>(named: T): T {
  const { billedTo, provider = '', model = '' } = named;
  if (Math.max(billedTo.length, provider.length, model.length) <= mostNameChars) return named;
  return {
    ...named,
    billedTo: cut(billedTo, mostNameChars),
    ...(provider !== '' && { provider: cut(provider, mostNameChars) }),
    ...(model !== '' && { model: cut(model, mostNameChars) }),
  };
}

export function toTally(row: Row): RequestTally {
  const name = (value: Row[string] | undefined) => text(value, mostNameChars);
  return withoutUndefined<RequestTally>({
    at: time(row.at),
    status: number(row.status),
    billedTo: name(row.billed_to),
    provider: maybe(row.provider, name),
    model: maybe(row.model, name),
    promptTokens: maybe(row.prompt_tokens, amount),
    completionTokens: maybe(row.completion_tokens, amount),
    costNanoUsd: maybe(row.cost_nano_usd, amount),
    durationMs: number(row.duration_ms),
    firstByteMs: maybe(row.first_byte_ms, amount),
    acceptedAt: maybe(row.accepted_at, time),
    workspace: maybe(row.workspace, name),
  });
}
