import type { SQLOutputValue, StatementSync } from 'node:sqlite';

export type Row = Readonly<Record<string, SQLOutputValue>>;
type Value = SQLOutputValue | undefined;

/** Hears how many rows of a table were left out. */
export type OddRowListener = (table: string, count: number) => void;

/** Milliseconds of the year 10000, which no formatter refuses. */
const endOfTime = 253_402_300_800_000;

/** A value that Headroom does not write. Columns of SQLite take any type, and any program may write the file. */
class OddValue extends Error {
  override readonly name = 'OddValue';
}

/** The statement, with integers of any size: without it one beyond 2^53 would make the query throw. */
export function anyIntegers(statement: StatementSync): StatementSync {
  statement.setReadBigInts(true);
  return statement;
}

/** The rows that can be read. Odd ones are left out. */
export function readRows<T>(
  table: string,
  rows: readonly Row[],
  read: (row: Row) => T,
  onOdd: OddRowListener,
): T[] {
  const found: T[] = [];
  for (const row of rows) {
    try {
      found.push(read(row));
    } catch (error) {
      if (!(error instanceof OddValue)) throw error;
    }
  }
  if (found.length < rows.length) onOdd(table, rows.length - found.length);
  return found;
}

/** Cut to `most` characters, without half a character at the end. */
export function cut(value: string, most: number): string {
  return value.length <= most ? value : value.slice(0, most).toWellFormed();
}

export function text(value: Value, most: number): string {
  if (typeof value !== 'string') throw new OddValue();
  return cut(value, most);
}

export function number(value: Value): number {
  const read = typeof value === 'bigint' ? Number(value) : value;
  if (typeof read !== 'number' || !Number.isFinite(read)) throw new OddValue();
  return read;
}

/** Not negative. */
export function amount(value: Value): number {
  const read = number(value);
  if (read < 0) throw new OddValue();
  return read;
}

export function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) < endOfTime;
}

/** Epoch ms. */
export function time(value: Value): number {
  const read = number(value);
  if (!isTime(read)) throw new OddValue();
  return read;
}

export function oneOf<const Name extends string>(names: readonly Name[], value: Value): Name {
  const name = names.find(each => each === value);
  if (name === undefined) throw new OddValue();
  return name;
}

/** Undefined for NULL. */
export function maybe<T>(value: Value, read: (value: Value) => T): T | undefined {
  return value === null || value === undefined ? undefined : read(value);
}

/** The object without its undefined fields. */
export function withoutUndefined<T extends object>(fields: T): T {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as T;
}
