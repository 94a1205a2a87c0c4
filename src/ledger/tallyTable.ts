import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { RequestTally, TallyTotal } from '../limits/requests/requestTally.ts';
import { transaction } from './locking.ts';
import { sweepRows, talliesKept, talliesKeptMs, tallyHoursKeptMs } from './retention.ts';
import { hourOf, type TallyHour } from './tallyHours.ts';

type Row = Record<string, SQLOutputValue>;

/** The oldest are deleted by so many at once: a delete in each batch would write their pages each time. */
const trimmedRows = 1_000;

/**
 * Request tallies in the order of recording, and their sums by hour. The sums outlive the tallies: `totals`
 * adds them up, and the planned dashboard draws spend by hour from them. A write per request: no index but
 * the order.
 */
export class TallyTable {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #deleteBeyond: StatementSync;
  readonly #addHour: StatementSync;
  readonly #last: StatementSync;
  readonly #totals: StatementSync;
  readonly #newestHours: StatementSync;
  readonly #deleteOld: StatementSync;
  readonly #deleteOldHours: StatementSync;
  /** Since the last deletion. Starts full: a new process does not know how many there are. */
  #added = trimmedRows;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#insert = database.prepare(
      `INSERT INTO request_tallies (at, status, billed_to, provider, model, prompt_tokens, completion_tokens,
         cost_nano_usd, duration_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#deleteBeyond = database.prepare(
      'DELETE FROM request_tallies WHERE id <= (SELECT max(id) FROM request_tallies) - ?',
    );
    this.#addHour = database.prepare(
      `INSERT INTO request_hours (hour, billed_to, provider, model, requests, refused, prompt_tokens,
         completion_tokens, cost_nano_usd, uncosted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (hour, billed_to, provider, model) DO UPDATE SET
         requests = requests + excluded.requests, refused = refused + excluded.refused,
         prompt_tokens = prompt_tokens + excluded.prompt_tokens,
         completion_tokens = completion_tokens + excluded.completion_tokens,
         cost_nano_usd = cost_nano_usd + excluded.cost_nano_usd, uncosted = uncosted + excluded.uncosted`,
    );
    this.#last = database.prepare('SELECT * FROM request_tallies ORDER BY id DESC LIMIT ?');
    this.#totals = database.prepare(
      `SELECT billed_to, provider, model, sum(requests) AS requests, sum(refused) AS refused,
         sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens,
         sum(cost_nano_usd) AS cost_nano_usd, sum(uncosted) AS uncosted
       FROM request_hours WHERE hour >= ? GROUP BY billed_to, provider, model`,
    );
    this.#newestHours = database.prepare('SELECT * FROM request_hours ORDER BY hour DESC LIMIT ?');
    // Looks at the first rows only, so that a sweep that finds nothing is cheap.
    this.#deleteOld = database.prepare(
      `DELETE FROM request_tallies WHERE id IN
         (SELECT id FROM (SELECT id, at FROM request_tallies ORDER BY id LIMIT ?) WHERE at < ?)`,
    );
    this.#deleteOldHours = database.prepare(
      `DELETE FROM request_hours WHERE (hour, billed_to, provider, model) IN
         (SELECT hour, billed_to, provider, model FROM request_hours WHERE hour < ? ORDER BY hour LIMIT ?)`,
    );
  }

  /** Writes tallies, and adds sums: the hours need not be those of these tallies. */
  write(tallies: readonly RequestTally[], hours: readonly TallyHour[]): void {
    transaction(this.#database, () => {
      for (const tally of tallies) this.#add(tally);
      for (const hour of hours) this.#addToHour(hour);
      if (this.#added + tallies.length >= trimmedRows) this.#deleteBeyond.run(talliesKept - trimmedRows);
    });
    this.#added = (this.#added + tallies.length) % trimmedRows;
  }

  /** The last recorded first. */
  last(count: number): RequestTally[] {
    return this.#last.all(count).map(toTally);
  }

  totals(since: number): TallyTotal[] {
    return this.#totals.all(hourOf(since)).map(toTotal);
  }

  newestHours(count: number): TallyHour[] {
    return this.#newestHours.all(count).map(row => ({ hour: Number(row.hour), ...toTotal(row) }));
  }

  /** True when more outdated rows are left. */
  sweep(now: number): boolean {
    const tallies = this.#deleteOld.run(sweepRows, now - talliesKeptMs);
    const hours = this.#deleteOldHours.run(hourOf(now - tallyHoursKeptMs), sweepRows);
    return [tallies, hours].some(({ changes }) => Number(changes) === sweepRows);
  }

  #add(tally: RequestTally): void {
    this.#insert.run(
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

  #addToHour(hour: TallyHour): void {
    this.#addHour.run(
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
}

function toTally(row: Row): RequestTally {
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
