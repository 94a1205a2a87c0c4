import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { RequestTally, TallyTotal } from '../limits/requests/requestTally.ts';
import { transaction } from './locking.ts';
import { talliesKept } from './retention.ts';
import { hourOf, type TallyHour } from './tallyHours.ts';

type Row = Record<string, SQLOutputValue>;

/** The oldest are deleted by so many at once: a delete in each batch would write their pages each time. */
const trimmedRows = 1_000;

/**
 * Request tallies in the order of recording, and their sums by hour. The sums outlive the tallies: `totals`
 * adds them up, and the planned dashboard draws spend by hour from them. A write per request: no index but
 * the order.
 */
export function tallyTable(database: DatabaseSync) {
  const insert = database.prepare(
    `INSERT INTO request_tallies (at, status, billed_to, provider, model, prompt_tokens, completion_tokens,
       cost_nano_usd, duration_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const deleteBeyond = database.prepare(
    'DELETE FROM request_tallies WHERE id <= (SELECT max(id) FROM request_tallies) - ?',
  );
  const addHour = database.prepare(
    `INSERT INTO request_hours (hour, billed_to, provider, model, requests, refused, prompt_tokens,
       completion_tokens, cost_nano_usd, uncosted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (hour, billed_to, provider, model) DO UPDATE SET
       requests = requests + excluded.requests, refused = refused + excluded.refused,
       prompt_tokens = prompt_tokens + excluded.prompt_tokens,
       completion_tokens = completion_tokens + excluded.completion_tokens,
       cost_nano_usd = cost_nano_usd + excluded.cost_nano_usd, uncosted = uncosted + excluded.uncosted`,
  );
  const last = database.prepare('SELECT * FROM request_tallies ORDER BY id DESC LIMIT ?');
  const totals = database.prepare(
    `SELECT billed_to, provider, model, sum(requests) AS requests, sum(refused) AS refused,
       sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens,
       sum(cost_nano_usd) AS cost_nano_usd, sum(uncosted) AS uncosted
     FROM request_hours WHERE hour >= ? GROUP BY billed_to, provider, model`,
  );
  /** Since the last deletion. Starts full: a new process does not know how many there are. */
  let added = trimmedRows;

  function add(tally: RequestTally): void {
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
    );
  }

  function addToHour(hour: TallyHour): void {
    addHour.run(
      hour.hour,
      hour.billedTo,
      hour.provider ?? '',
      hour.model ?? '',
      hour.requests,
      hour.refused,
      hour.promptTokens,
      hour.completionTokens,
      hour.costNanoUsd,
      hour.uncosted,
    );
  }

  return {
    /** Writes tallies, and adds sums: the hours need not be those of these tallies. */
    write(tallies: readonly RequestTally[], hours: readonly TallyHour[]): void {
      transaction(database, () => {
        tallies.forEach(add);
        hours.forEach(addToHour);
        if (added + tallies.length >= trimmedRows) deleteBeyond.run(talliesKept - trimmedRows);
      });
      added = (added + tallies.length) % trimmedRows;
    },
    /** The last recorded first. */
    last(count: number): RequestTally[] {
      return last.all(count).map(toTally);
    },
    totals(since: number): TallyTotal[] {
      return totals.all(hourOf(since)).map(toTotal);
    },
  };
}

export function toTally(row: Row): RequestTally {
  return {
    at: Number(row.at),
    status: Number(row.status),
    billedTo: String(row.billed_to),
    ...(row.provider !== null && { provider: String(row.provider) }),
    ...(row.model !== null && { model: String(row.model) }),
    ...(row.prompt_tokens !== null && { promptTokens: Number(row.prompt_tokens) }),
    ...(row.completion_tokens !== null && { completionTokens: Number(row.completion_tokens) }),
    ...(row.cost_nano_usd !== null && { costNanoUsd: Number(row.cost_nano_usd) }),
    durationMs: Number(row.duration_ms),
  };
}

export function toTallyHour(row: Row): TallyHour {
  return { hour: Number(row.hour), ...toTotal(row) };
}

function toTotal(row: Row): TallyTotal {
  return {
    billedTo: String(row.billed_to),
    ...(row.provider !== '' && { provider: String(row.provider) }),
    ...(row.model !== '' && { model: String(row.model) }),
    requests: Number(row.requests),
    refused: Number(row.refused),
    promptTokens: Number(row.prompt_tokens),
    completionTokens: Number(row.completion_tokens),
    costNanoUsd: Number(row.cost_nano_usd),
    uncosted: Number(row.uncosted),
  };
}
