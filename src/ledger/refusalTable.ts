import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Refusal, RefusalCause, RefusalSource } from '../limits/refusals/refusal.ts';
import { transaction } from './locking.ts';
import { refusalsKeptMs, sweepRows } from './retention.ts';
import { completed, known, sameRefusalSql, sightingWindowMs, witnessOf } from './sameRefusal.ts';
import { hourOf } from './tallyHours.ts';

type Row = Record<string, SQLOutputValue>;

/** A row: the refusal, and one bit for each source that saw it. */
export interface Sighting {
  readonly refusal: Refusal;
  readonly witnesses: number;
}

export class RefusalTable {
  readonly #database: DatabaseSync;
  /** By witnesses. */
  readonly #findSame = new Map<number, StatementSync>();
  #complete: StatementSync | undefined;
  #insert: StatementSync | undefined;
  readonly #last: StatementSync;
  readonly #between: StatementSync;
  readonly #forget: StatementSync;
  readonly #deleteOld: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#last = database.prepare('SELECT * FROM refusals ORDER BY at DESC, id DESC LIMIT ?');
    this.#between = database.prepare(
      'SELECT * FROM refusals WHERE at BETWEEN ? AND ? ORDER BY at DESC, id DESC LIMIT ?',
    );
    this.#forget = database.prepare('DELETE FROM refusals WHERE at <= ?');
    this.#deleteOld = database.prepare(
      'DELETE FROM refusals WHERE id IN (SELECT id FROM refusals WHERE at < ? ORDER BY at LIMIT ?)',
    );
  }

  record(refusals: readonly Refusal[]): void {
    this.recordSightings(refusals.map(refusal => ({ refusal, witnesses: witnessOf(refusal.source) })));
  }

  recordSightings(sightings: readonly Sighting[]): void {
    transaction(this.#database, () => {
      for (const sighting of sightings) {
        if (!this.#merge(sighting)) this.#add(sighting);
      }
    });
  }

  /** Newest first. */
  last(count: number): Refusal[] {
    return this.#last.all(count).map(toRefusal);
  }

  /** Newest first. */
  sightings(count: number): Sighting[] {
    return this.#last.all(count).map(row => ({ refusal: toRefusal(row), witnesses: Number(row.witnesses) }));
  }

  /** Newest first. */
  between(from: number, to: number, count: number): Refusal[] {
    return this.#between.all(from, to, count).map(toRefusal);
  }

  forget(until: number): void {
    this.#forget.run(until);
  }

  /** True when more outdated rows are left. */
  sweep(now: number): boolean {
    const oldest = hourOf(now - refusalsKeptMs);
    return Number(this.#deleteOld.run(oldest, sweepRows).changes) === sweepRows;
  }

  #merge({ refusal, witnesses }: Sighting): boolean {
    const row = this.#findSameFor(witnesses).get(
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
    this.#complete ??= this.#database.prepare(
      `UPDATE refusals SET witnesses = witnesses | ?, ${columns.map(column => `${column} = ?`).join(', ')}
       WHERE id = ?`,
    );
    this.#complete.run(witnesses, ...values(completed(toRefusal(row), refusal)), Number(row.id));
    return true;
  }

  #findSameFor(witnesses: number): StatementSync {
    const statement = this.#findSame.get(witnesses) ?? this.#database.prepare(sameRefusalSql(witnesses));
    this.#findSame.set(witnesses, statement);
    return statement;
  }

  /** Prepared when first needed: an old file that can't be written may lack a column. */
  #add({ refusal, witnesses }: Sighting): void {
    this.#insert ??= this.#database.prepare(
      `INSERT INTO refusals (witnesses, ${columns.join(', ')}) VALUES (?, ${columns.map(() => '?').join(', ')})`,
    );
    this.#insert.run(witnesses, ...values(refusal));
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

/** Empty when another version wrote another form. */
function toHeaders(text: string): Record<string, string> {
  try {
    const headers: unknown = JSON.parse(text);
    if (typeof headers !== 'object' || headers === null) return {};
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  } catch {
    return {};
  }
}
