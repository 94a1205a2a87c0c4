import {
  countOf,
  isPrinted,
  known,
  lastOf,
  type Refusal,
  type RefusalCause,
  type RefusalSource,
  refusalSources,
} from '../limits/refusals/refusal.ts';

/**
 * One row holds an episode: refusals of one limit, payer and model, each at most `episodeGapMs` after the last
 * one or before the limit's end, within `longestEpisodeMs`.
 *
 * Several sources may see one refused request: the gateway forwards the 429, and the program prints it in the
 * terminal. Two sightings are one refusal when status, cause, by, scope, billedTo and model agree as far as
 * both know them (a terminal sees no headers, the extension host no body) and at most `sightingWindowMs` lie
 * between. Each source sees a refusal once, so an episode's count is that of the source that saw most. The row
 * keeps the first sighting; later ones fill in what was unknown.
 *
 * The gateway knows best: a program prints its refusals up to `printedAfterMs` later, perhaps several times, and
 * can't tell held credits from used-up ones. Its cause, its count and its reset stand.
 */
export const sightingWindowMs = 2_000;
const printedAfterMs = 60_000;
const episodeGapMs = 15 * 60_000;
export const longestEpisodeMs = 3_600_000;

/** Sightings of an episode by source. */
export type SightingCounts = Readonly<Partial<Record<RefusalSource, number>>>;

/** A row. */
export interface Sighting {
  readonly refusal: Refusal;
  readonly counts: SightingCounts;
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

/** Another source's sighting of refusals that the row has already. */
export function isSeenAgain(row: Sighting, sighting: Sighting): boolean {
  const { refusal } = sighting;
  if (!sameMoney(row.refusal.cause, refusal.cause)) return false;
  if (row.counts.gateway !== undefined && isOnlyPrinted(sighting))
    return isPrintedAfter(row.refusal, refusal);
  return (
    lastOf(refusal) >= row.refusal.at - sightingWindowMs &&
    refusal.at <= lastOf(row.refusal) + sightingWindowMs &&
    isMissing(row, sighting)
  );
}

/** Whether its sources have seen fewer refusals than the row counts. */
export function isMissing(row: Sighting, { counts }: Sighting): boolean {
  return sourcesOf(counts).every(source => {
    const seen = row.counts[source] ?? 0;
    return seen === 0 || seen + (counts[source] ?? 0) <= countOf(row.refusal);
  });
}

function isPrintedAfter(row: Refusal, { at }: Refusal): boolean {
  return at >= row.at - sightingWindowMs && at <= lastOf(row) + printedAfterMs;
}

function isOnlyPrinted({ counts }: Sighting): boolean {
  const sources = sourcesOf(counts);
  return sources.length > 0 && sources.every(isPrinted);
}

/** Causes of one 402: who sees only its words takes held credits for used-up ones. */
const ofCredits: ReadonlySet<RefusalCause> = new Set(['credits', 'unsettled']);

/** The causes that a sighting of the same refusal may have, `unknown` apart. */
export function kindred(cause: RefusalCause): readonly RefusalCause[] {
  return ofCredits.has(cause) ? [...ofCredits] : [cause];
}

function sameMoney(one: RefusalCause, other: RefusalCause): boolean {
  return one === 'unknown' || other === 'unknown' || kindred(one).includes(other);
}

/** Other refusals of the row's episode, seen by one of its sources. */
export function goesOn({ refusal: row, counts }: Sighting, { refusal, counts: more }: Sighting): boolean {
  const { at } = refusal;
  return (
    sameLimit.every(field => row[field] === refusal[field]) &&
    sourcesOf(more).some(source => counts[source] !== undefined) &&
    lastOf(refusal) - row.at <= longestEpisodeMs &&
    at >= row.at - sightingWindowMs &&
    (at <= lastOf(row) + episodeGapMs || at <= (row.resetsAt ?? 0)) &&
    (row.program === undefined || refusal.program === undefined || row.program === refusal.program)
  );
}

const sameLimit = ['status', 'cause', 'by', 'scope', 'billedTo', 'model'] as const;

/** Sightings of one source and episode as one, in the order of the first ones. */
export function merged(sightings: readonly Sighting[]): Sighting[] {
  const groups = new Map<string, Sighting>();
  const done: Sighting[] = [];
  for (const sighting of sightings) {
    const { refusal } = sighting;
    const key = JSON.stringify([...sameLimit.map(field => refusal[field]), refusal.source, refusal.program]);
    const known = groups.get(key);
    const isOne = known !== undefined && goesOn(known, sighting);
    if (known && !isOne) done.push(known);
    groups.set(key, isOne ? joined(known, sighting) : sighting);
  }
  return [...done, ...groups.values()];
}

/** All sightings of a source as one. */
export function mergedBySource(sightings: readonly Sighting[]): Sighting[] {
  const groups = Map.groupBy(sightings, ({ refusal }) => refusal.source);
  return [...groups.values()].map(group => group.reduce(joined));
}

/** The row after the sighting. */
export function joined(row: Sighting, sighting: Sighting): Sighting {
  const counts: Partial<Record<RefusalSource, number>> = { ...row.counts };
  for (const source of sourcesOf(sighting.counts)) {
    counts[source] = (counts[source] ?? 0) + (sighting.counts[source] ?? 0);
  }
  const ofGateway = counts.gateway ?? 0;
  const counting = sourcesOf(counts).filter(source => ofGateway === 0 || !isPrinted(source));
  const count = Math.max(countOf(row.refusal), ...counting.map(source => counts[source] ?? 0));
  const last = Math.max(lastOf(row.refusal), lastOf(sighting.refusal));
  const { count: _count, lastAt: _lastAt, ...refusal } = completed(row, sighting);
  const isMore = count > countOf(row.refusal);
  return {
    refusal: {
      ...refusal,
      ...(isMore && renewed(row.refusal, sighting.refusal)),
      ...(count > 1 && { at: Math.min(row.refusal.at, sighting.refusal.at), count, lastAt: last }),
    },
    counts,
  };
}

function sourcesOf(counts: SightingCounts): RefusalSource[] {
  return refusalSources.filter(source => counts[source] !== undefined);
}

/** The first sighting, with the gaps filled from a later one. */
function completed(
  { refusal: first, counts }: Sighting,
  { refusal: later, counts: more }: Sighting,
): Refusal {
  const isBetter = more.gateway !== undefined && counts.gateway === undefined;
  // The source that knew the cause had the server's words.
  const better = first.message === '' || (first.cause === 'unknown' && later.cause !== 'unknown');
  return {
    ...later,
    ...first,
    cause: (isBetter ? known(later.cause) : undefined) ?? known(first.cause) ?? later.cause,
    by: known(first.by) ?? later.by,
    // a program adds a second, or rounds
    ...(isBetter && later.resetsAt !== undefined && { resetsAt: later.resetsAt }),
    message: better ? later.message : first.message,
  };
}

/** The end of the limit by the later refusal; without one, the earlier end if it is not over. */
function renewed(row: Refusal, { at, resetsAt }: Refusal): Pick<Refusal, 'resetsAt'> {
  return {
    resetsAt: resetsAt ?? (row.resetsAt !== undefined && row.resetsAt > at ? row.resetsAt : undefined),
  };
}
