import type { Refusal, RefusalSource } from '../limits/refusals/refusal.ts';

/**
 * One refused request may be seen by several sources: the gateway forwards the 429 and the program prints it
 * in the terminal. Those sightings are one refusal when status, cause, by, scope, billedTo and model agree
 * as far as both know them, and they are at most `sightingWindowMs` apart: a terminal has not seen the
 * headers, and the extension host no body. Each source witnesses a refusal at most once: two from the same
 * source are two refusals, however alike. The row keeps the first sighting; a later one only fills in what
 * was unknown.
 */
export const sightingWindowMs = 2_000;

/** The rule in memory, but for the witnesses. */
export function looksLike(one: Refusal, other: Refusal): boolean {
  return (
    Math.abs(one.at - other.at) <= sightingWindowMs &&
    one.status === other.status &&
    agree(known(one.cause), known(other.cause)) &&
    agree(known(one.by), known(other.by)) &&
    agree(one.scope, other.scope) &&
    agree(one.billedTo, other.billedTo) &&
    agree(one.model, other.model)
  );
}

const unknown = 'unknown';

/** Undefined when it says that it is not known. */
export function known<Name extends string>(name: Name): Name | undefined {
  return name === unknown ? undefined : name;
}

function agree(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/** The first sighting with what a later one knows beyond it. */
export function completed(first: Refusal, later: Refusal): Refusal {
  const limit = first.limit ?? later.limit;
  const remaining = first.remaining ?? later.remaining;
  const windowSeconds = first.windowSeconds ?? later.windowSeconds;
  const resetsAt = first.resetsAt ?? later.resetsAt;
  const scope = first.scope ?? later.scope;
  const billedTo = first.billedTo ?? later.billedTo;
  const model = first.model ?? later.model;
  const program = first.program ?? later.program;
  const headers = first.headers ?? later.headers;
  // whoever knew the cause had read the server's words
  const better = first.message === '' || (first.cause === unknown && later.cause !== unknown);
  return {
    ...first,
    cause: known(first.cause) ?? later.cause,
    by: known(first.by) ?? later.by,
    message: better ? later.message : first.message,
    ...(scope !== undefined && { scope }),
    ...(billedTo !== undefined && { billedTo }),
    ...(model !== undefined && { model }),
    ...(program !== undefined && { program }),
    ...(headers !== undefined && { headers }),
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
 * The rule in SQL, for one source. Parameters: earliest at, latest at, status, then cause, by, scope, billedTo
 * and model, null where unknown. The answer is the whole row.
 * Naming the sets of witnesses lets the index skip the source's own rows: in a storm of thousands of
 * refusals in two seconds a scan of them would make each insert cost a millisecond.
 */
export function sameRefusalSql(source: RefusalSource): string {
  const everyone = Object.values(witnesses).reduce((one, other) => one | other);
  const without = Array.from({ length: everyone + 1 }, (_, set) => set).filter(
    set => (set & witnesses[source]) === 0,
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
