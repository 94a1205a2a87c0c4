import type { Refusal, RefusalSource } from '../limits/refusal.ts';

/**
 * One refused request may be seen by several sources: the gateway forwards the 429 and the program prints it
 * in the terminal. Those sightings are one refusal when status, cause, by, scope, billedTo and model agree
 * and they are at most `sightingWindowMs` apart. Each source witnesses a refusal at most once: two from the
 * same source are two refusals, however alike. The row keeps the first sighting; a later one only fills in
 * numbers that were unknown.
 */
export const sightingWindowMs = 2_000;

/** The rule in memory, but for the witnesses. */
export function looksLike(one: Refusal, other: Refusal): boolean {
  return (
    Math.abs(one.at - other.at) <= sightingWindowMs &&
    one.status === other.status &&
    one.cause === other.cause &&
    one.by === other.by &&
    one.scope === other.scope &&
    one.billedTo === other.billedTo &&
    one.model === other.model
  );
}

/** The first sighting with what a later one knows beyond it. */
export function completed(first: Refusal, later: Refusal): Refusal {
  const limit = first.limit ?? later.limit;
  const remaining = first.remaining ?? later.remaining;
  const windowSeconds = first.windowSeconds ?? later.windowSeconds;
  const resetsAt = first.resetsAt ?? later.resetsAt;
  return {
    ...first,
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(windowSeconds !== undefined && { windowSeconds }),
    ...(resetsAt !== undefined && { resetsAt }),
  };
}

/** One bit for each source. The bits are on disk: a new source takes the next one. */
const witnesses: Readonly<Record<RefusalSource, number>> = {
  headroom: 1,
  gateway: 2,
  host: 4,
  terminal: 8,
  'debug-console': 16,
  notebook: 32,
};

export function witnessOf(source: RefusalSource): number {
  return witnesses[source];
}

/**
 * The rule in SQL, for one source. Parameters: earliest at, latest at, status, cause, by, scope, billedTo, model.
 * Naming the sets of witnesses lets the index skip the source's own rows: in a storm of thousands of
 * refusals in two seconds a scan of them would make each insert cost a millisecond.
 */
export function sameRefusalSql(source: RefusalSource): string {
  const everyone = Object.values(witnesses).reduce((one, other) => one | other);
  const without = Array.from({ length: everyone + 1 }, (_, set) => set).filter(
    set => (set & witnesses[source]) === 0,
  );
  return `SELECT id FROM refusals
    WHERE witnesses IN (${without.join()}) AND at BETWEEN ? AND ? AND status = ? AND cause = ?
      AND refused_by = ? AND scope IS ? AND billed_to IS ? AND model IS ?
    ORDER BY at, id LIMIT 1`;
}
