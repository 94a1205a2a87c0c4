import type { Refusal, RefusalSource } from '../limits/refusals/refusal.ts';

/**
 * Several sources may see one refused request: the gateway forwards the 429, and the program prints it in the
 * terminal. Two sightings are one refusal when status, cause, by, scope, billedTo and model agree as far as
 * both know them (a terminal sees no headers, the extension host no body) and at most `sightingWindowMs` lie
 * between. Each source sees a refusal once: two alike from one source are two refusals. The row keeps the
 * first sighting; later ones fill in what was unknown.
 */
export const sightingWindowMs = 2_000;

const unknown = 'unknown';

/** Undefined for `unknown`. */
export function known<Name extends string>(name: Name): Name | undefined {
  return name === unknown ? undefined : name;
}

/** The first sighting, with the gaps filled from a later one. */
export function completed(first: Refusal, later: Refusal): Refusal {
  // The source that knew the cause had the server's words.
  const better = first.message === '' || (first.cause === unknown && later.cause !== unknown);
  return {
    ...later,
    ...first,
    cause: known(first.cause) ?? later.cause,
    by: known(first.by) ?? later.by,
    message: better ? later.message : first.message,
  };
}

/** One bit for each source. The bits are on disk: a new source takes the next one. */
export const witnessBits: Readonly<Record<RefusalSource, number>> = {
  headroom: 1,
  gateway: 2,
  host: 4,
  terminal: 8,
  'debug-console': 16,
  notebook: 32,
};

/**
 * Finds the row of the same refusal for a sighting by these sources. Parameters: earliest at, latest at,
 * status, then cause, by, scope, billedTo and model, null where unknown. The sets of witnesses are listed so
 * that the index skips the sources' own rows: in a storm of thousands of refusals in two seconds, a scan of
 * them would make each insert cost a millisecond.
 */
export function sameRefusalSql(witnesses: number): string {
  const everyone = Object.values(witnessBits).reduce((one, other) => one | other);
  const without = Array.from({ length: everyone + 1 }, (_, set) => set).filter(
    set => (set & witnesses) === 0,
  );
  return `SELECT * FROM refusals
    WHERE witnesses IN (${without.join()}) AND at BETWEEN ?1 AND ?2 AND status = ?3
      AND (?4 IS NULL OR cause = ?4 OR cause = '${unknown}')
      AND (?5 IS NULL OR refused_by = ?5 OR refused_by = '${unknown}')
      AND (?6 IS NULL OR scope IS NULL OR scope = ?6)
      AND (?7 IS NULL OR billed_to IS NULL OR billed_to = ?7)
      AND (?8 IS NULL OR model IS NULL OR model = ?8)
    ORDER BY at, id LIMIT 1`;
}
