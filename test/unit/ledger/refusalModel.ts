import { completed, sightingWindowMs } from '../../../src/ledger/sameRefusal.ts';
import type { Refusal } from '../../../src/limits/refusals/refusal.ts';

interface Row {
  refusal: Refusal;
  readonly sources: Set<string>;
}

/** What the table of refusals should hold, newest first: the rule of `sameRefusal.ts` without SQL. */
export function expectedRefusals(recorded: readonly Refusal[]): Refusal[] {
  const rows: Row[] = [];
  for (const refusal of recorded) {
    const same = rows.find(row => !row.sources.has(refusal.source) && looksLike(row.refusal, refusal));
    if (same) {
      same.sources.add(refusal.source);
      same.refusal = completed(same.refusal, refusal);
    } else {
      const later = rows.findLastIndex(row => row.refusal.at <= refusal.at) + 1;
      rows.splice(later, 0, { refusal, sources: new Set([refusal.source]) });
    }
  }
  return rows.map(row => row.refusal).reverse();
}

function looksLike(one: Refusal, other: Refusal): boolean {
  return (
    Math.abs(one.at - other.at) <= sightingWindowMs &&
    one.status === other.status &&
    agree(one.cause, other.cause) &&
    agree(one.by, other.by) &&
    agree(one.scope, other.scope) &&
    agree(one.billedTo, other.billedTo) &&
    agree(one.model, other.model)
  );
}

function agree(one = 'unknown', other = 'unknown'): boolean {
  return one === 'unknown' || other === 'unknown' || one === other;
}
