import type { DatabaseSync } from 'node:sqlite';
import { mostNameChars, mostRefusalKinds } from '../limits/bounds.ts';
import { refusalCauses } from '../limits/refusals/refusalRule.ts';
import type { RefusalTotal, Span } from '../limits/requests/countedSpan.ts';
import { amount, anyIntegers, type OddRowListener, oneOf, type Row, readRows, text } from './storedRow.ts';

/** Counts refusals by cause and server, in the span in which their episode began. */
export function refusalTotals(database: DatabaseSync, onOdd: OddRowListener) {
  const totals = anyIntegers(
    database.prepare(
      `SELECT cause, refused_by, total(ifnull(seen_count, 1)) AS count FROM refusals
       WHERE at >= ? AND at < ? GROUP BY cause, refused_by ORDER BY count DESC LIMIT ${mostRefusalKinds}`,
    ),
  );
  const oldest = anyIntegers(database.prepare('SELECT min(id) AS id FROM refusals'));
  return {
    between({ from, until }: Span): RefusalTotal[] {
      return readRows('refusals', totals.all(from, until), toTotal, onOdd);
    },
    /** Undefined: none is kept. */
    oldest(): bigint | undefined {
      const id = oldest.get()?.id;
      return typeof id === 'bigint' ? id : undefined;
    },
  };
}

function toTotal(row: Row): RefusalTotal {
  return {
    cause: oneOf(refusalCauses, row.cause),
    by: text(row.refused_by, mostNameChars),
    count: amount(row.count),
  };
}
