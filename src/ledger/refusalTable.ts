import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Refusal, RefusalCause, RefusalSource } from '../limits/refusals/refusal.ts';
import { refusalsKeptMs, sweepRows } from './retention.ts';
import { completed, known, sameRefusalSql, sightingWindowMs, witnessOf } from './sameRefusal.ts';
import { hourMs, hourOf } from './store.ts';
import { transaction } from './transaction.ts';

type Row = Record<string, SQLOutputValue>;

/** Refusals and their hourly roll-up, which is kept in the same transaction, so that counts need no scan. */
export class RefusalTable {
  readonly #database: DatabaseSync;
  readonly #findSame = new Map<RefusalSource, StatementSync>();
  #complete: StatementSync | undefined;
  #insert: StatementSync | undefined;
  readonly #count: StatementSync;
  readonly #deleteEmptyHour: StatementSync;
  readonly #last: StatementSync;
  readonly #byCause: StatementSync;
  readonly #byHour: StatementSync;
  readonly #hours: StatementSync;
  readonly #deleteOld: StatementSync;
  readonly #deleteOldHours: StatementSync;
  readonly #between: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#count = database.prepare(
      `INSERT INTO refusal_hours (hour, cause, count) VALUES (?, ?, ?)
       ON CONFLICT (hour, cause) DO UPDATE SET count = count + excluded.count`,
    );
    this.#deleteEmptyHour = database.prepare(
      'DELETE FROM refusal_hours WHERE hour = ? AND cause = ? AND count <= 0',
    );
    this.#last = database.prepare('SELECT * FROM refusals ORDER BY at DESC, id DESC LIMIT ?');
    this.#byCause = database.prepare(
      'SELECT cause, sum(count) AS count FROM refusal_hours WHERE hour >= ? GROUP BY cause',
    );
    this.#byHour = database.prepare(
      'SELECT hour, sum(count) AS count FROM refusal_hours WHERE hour >= ? GROUP BY hour ORDER BY hour',
    );
    this.#hours = database.prepare('SELECT hour, cause, count FROM refusal_hours');
    this.#deleteOld = database.prepare(
      'DELETE FROM refusals WHERE id IN (SELECT id FROM refusals WHERE at < ? ORDER BY at LIMIT ?)',
    );
    this.#deleteOldHours = database.prepare('DELETE FROM refusal_hours WHERE hour < ?');
    this.#between = database.prepare(
      'SELECT * FROM refusals WHERE at BETWEEN ? AND ? ORDER BY at DESC, id DESC LIMIT ?',
    );
  }

  record(refusals: readonly Refusal[]): void {
    transaction(this.#database, () => {
      for (const refusal of refusals) {
        if (!this.#merge(refusal)) this.#add(refusal);
      }
    });
  }

  /** Newest first. */
  last(count: number): Refusal[] {
    return this.#last.all(count).map(toRefusal);
  }

  /** Newest first. */
  between(from: number, to: number, count: number): Refusal[] {
    return this.#between.all(from, to, count).map(toRefusal);
  }

  forget(until: number): void {
    transaction(this.#database, () => {
      const hour = hourOf(until);
      this.#database.prepare('DELETE FROM refusals WHERE at <= ?').run(until);
      this.#database.prepare('DELETE FROM refusal_hours WHERE hour <= ?').run(hour);
      this.#database
        .prepare(
          `INSERT INTO refusal_hours (hour, cause, count)
           SELECT ?1, cause, count(*) FROM refusals WHERE at < ?2 GROUP BY cause`,
        )
        .run(hour, hour + hourMs);
    });
  }

  countsByCause(since: number): Map<RefusalCause, number> {
    return new Map(
      this.#byCause.all(hourOf(since)).map(row => [String(row.cause) as RefusalCause, Number(row.count)]),
    );
  }

  countsByHour(since: number): Map<number, number> {
    return new Map(this.#byHour.all(hourOf(since)).map(row => [Number(row.hour), Number(row.count)]));
  }

  hours(): { hour: number; cause: RefusalCause; count: number }[] {
    return this.#hours.all().map(row => ({
      hour: Number(row.hour),
      cause: String(row.cause) as RefusalCause,
      count: Number(row.count),
    }));
  }

  /** True when more outdated rows are left. */
  sweep(now: number): boolean {
    const oldest = hourOf(now - refusalsKeptMs);
    this.#deleteOldHours.run(oldest);
    return Number(this.#deleteOld.run(oldest, sweepRows).changes) === sweepRows;
  }

  #merge(refusal: Refusal): boolean {
    const row = this.#findSameFor(refusal.source).get(
      refusal.at - sightingWindowMs,
      refusal.at + sightingWindowMs,
      refusal.status,
      known(refusal.cause) ?? null,
      known(refusal.by) ?? null,
      refusal.scope ?? null,
      refusal.billedTo ?? null,
      refusal.model ?? null,
    );
    if (!row) return false;
    const first = toRefusal(row);
    const whole = completed(first, refusal);
    this.#complete ??= this.#database.prepare(
      `UPDATE refusals SET witnesses = witnesses | ?, ${columns.map(column => `${column} = ?`).join(', ')}
       WHERE id = ?`,
    );
    this.#complete.run(witnessOf(refusal.source), ...values(whole), Number(row.id));
    if (whole.cause !== first.cause) {
      const hour = hourOf(first.at);
      this.#count.run(hour, first.cause, -1);
      this.#deleteEmptyHour.run(hour, first.cause);
      this.#count.run(hour, whole.cause, 1);
    }
    return true;
  }

  #findSameFor(source: RefusalSource): StatementSync {
    const statement = this.#findSame.get(source) ?? this.#database.prepare(sameRefusalSql(source));
    this.#findSame.set(source, statement);
    return statement;
  }

  /** Prepared when first needed: in an old file that can't be written to, a column of these may be missing. */
  #add(refusal: Refusal): void {
    this.#insert ??= this.#database.prepare(
      `INSERT INTO refusals (witnesses, ${columns.join(', ')}) VALUES (?, ${columns.map(() => '?').join(', ')})`,
    );
    this.#insert.run(witnessOf(refusal.source), ...values(refusal));
    this.#count.run(hourOf(refusal.at), refusal.cause, 1);
  }
}

const columns = [
  'at',
  'status',
  'cause',
  'refused_by',
  'scope',
  'limit_value',
  'remaining',
  'window_seconds',
  'resets_at',
  'billed_to',
  'model',
  'source',
  'program',
  'message',
  'headers',
] as const;

function values(refusal: Refusal): (string | number | null)[] {
  return [
    refusal.at,
    refusal.status,
    refusal.cause,
    refusal.by,
    refusal.scope ?? null,
    refusal.limit ?? null,
    refusal.remaining ?? null,
    refusal.windowSeconds ?? null,
    refusal.resetsAt ?? null,
    refusal.billedTo ?? null,
    refusal.model ?? null,
    refusal.source,
    refusal.program ?? null,
    refusal.message,
    refusal.headers === undefined ? null : JSON.stringify(refusal.headers),
  ];
}

function toRefusal(row: Row): Refusal {
  return {
    at: Number(row.at),
    status: Number(row.status),
    cause: String(row.cause) as RefusalCause,
    by: String(row.refused_by),
    ...(row.scope !== null && { scope: String(row.scope) }),
    ...(row.limit_value !== null && { limit: Number(row.limit_value) }),
    ...(row.remaining !== null && { remaining: Number(row.remaining) }),
    ...(row.window_seconds !== null && { windowSeconds: Number(row.window_seconds) }),
    ...(row.resets_at !== null && { resetsAt: Number(row.resets_at) }),
    ...(row.billed_to !== null && { billedTo: String(row.billed_to) }),
    ...(row.model !== null && { model: String(row.model) }),
    source: String(row.source) as RefusalSource,
    ...(typeof row.program === 'string' && { program: row.program }),
    message: String(row.message),
    ...(typeof row.headers === 'string' && { headers: toHeaders(row.headers) }),
  };
}

/** None when another version wrote something else. */
function toHeaders(text: string): Record<string, string> {
  try {
    const headers: unknown = JSON.parse(text);
    if (typeof headers !== 'object' || headers === null) return {};
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  } catch {
    return {};
  }
}
