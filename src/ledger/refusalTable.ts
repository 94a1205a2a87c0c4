import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Refusal, RefusalCause, RefusalSource } from '../limits/refusals/refusal.ts';
import { transaction } from './locking.ts';
import { completed, known, sameRefusalSql, sightingWindowMs, witnessBits } from './sameRefusal.ts';

type Row = Record<string, SQLOutputValue>;

/** A row: the refusal, and one bit for each source that saw it. */
export interface Sighting {
  readonly refusal: Refusal;
  readonly witnesses: number;
}

export function refusalTable(database: DatabaseSync) {
  const insert = database.prepare(
    `INSERT INTO refusals (witnesses, ${columns.join(', ')}) VALUES (?, ${columns.map(() => '?').join(', ')})`,
  );
  const complete = database.prepare(
    `UPDATE refusals SET witnesses = witnesses | ?, ${columns.map(column => `${column} = ?`).join(', ')}
     WHERE id = ?`,
  );
  const last = database.prepare('SELECT * FROM refusals ORDER BY at DESC, id DESC LIMIT ?');
  const between = database.prepare(
    'SELECT * FROM refusals WHERE at BETWEEN ? AND ? ORDER BY at DESC, id DESC LIMIT ?',
  );
  const forget = database.prepare('DELETE FROM refusals WHERE at <= ?');
  const findSameBy = new Map<number, StatementSync>();

  /** The statement that finds the row of the same refusal for a sighting by these sources. */
  function findSame(witnesses: number): StatementSync {
    const statement = findSameBy.get(witnesses) ?? database.prepare(sameRefusalSql(witnesses));
    findSameBy.set(witnesses, statement);
    return statement;
  }

  function record({ refusal, witnesses }: Sighting): void {
    const row = findSame(witnesses).get(
      refusal.at - sightingWindowMs,
      refusal.at + sightingWindowMs,
      refusal.status,
      known(refusal.cause) ?? null,
      known(refusal.by) ?? null,
      refusal.scope ?? null,
      refusal.billedTo ?? null,
      refusal.model ?? null,
    );
    if (row) complete.run(witnesses, ...values(completed(toRefusal(row), refusal)), Number(row.id));
    else insert.run(witnesses, ...values(refusal));
  }

  function recordSightings(sightings: readonly Sighting[]): void {
    transaction(database, () => sightings.forEach(record));
  }

  return {
    recordSightings,
    record(refusals: readonly Refusal[]): void {
      recordSightings(refusals.map(refusal => ({ refusal, witnesses: witnessBits[refusal.source] })));
    },
    /** Newest first. */
    last(count: number): Refusal[] {
      return last.all(count).map(toRefusal);
    },
    /** Newest first. */
    between(from: number, to: number, count: number): Refusal[] {
      return between.all(from, to, count).map(toRefusal);
    },
    forget(until: number): void {
      forget.run(until);
    },
  };
}

/** The fields of a refusal, each with its column. */
const fields = [
  ['at', 'at'],
  ['status', 'status'],
  ['cause', 'cause'],
  ['by', 'refused_by'],
  ['scope', 'scope'],
  ['limit', 'limit_value'],
  ['remaining', 'remaining'],
  ['windowSeconds', 'window_seconds'],
  ['resetsAt', 'resets_at'],
  ['billedTo', 'billed_to'],
  ['model', 'model'],
  ['source', 'source'],
  ['program', 'program'],
  ['message', 'message'],
  ['headers', 'headers'],
] as const;
const columns = fields.map(([, column]) => column);

function values(refusal: Refusal): (string | number | null)[] {
  return fields.map(([field]) => {
    const value = refusal[field] ?? null;
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  });
}

export function toSighting(row: Row): Sighting {
  return { refusal: toRefusal(row), witnesses: Number(row.witnesses) };
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
