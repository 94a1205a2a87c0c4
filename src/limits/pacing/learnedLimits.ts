import type { RateWindow } from '../headers/rateLimit.ts';

/** What one gateway learned of one limit. Plain data: several gateways share it through a store. */
export interface LearnedLimit {
  readonly limit: string;
  readonly gateway: string;
  /** Epoch ms: when it was written. */
  readonly at: number;
  /** Epoch ms at which this gateway sent something last; 0: never. */
  readonly usedAt: number;
  readonly windows: readonly RateWindow[];
  /** What refused and of which no window tells, by lane; epoch ms. */
  readonly closed: readonly ClosedLane[];
}

export interface ClosedLane {
  readonly lane: string;
  readonly at: number;
  readonly until: number;
}

/**
 * Both together: of the same gateway's word on the same limit the later one. Commutative, associative, idempotent;
 * sorted by limit and gateway.
 */
export function mergeLearned(some: readonly LearnedLimit[], others: readonly LearnedLimit[]): LearnedLimit[] {
  const merged = new Map<string, LearnedLimit>();
  for (const one of [...some, ...others]) {
    const key = JSON.stringify([one.limit, one.gateway]);
    const known = merged.get(key);
    if (known === undefined || isLater(one, known)) merged.set(key, one);
  }
  return [...merged.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** One gateway writes twice in a millisecond only in theory: then any order will do that is always the same. */
function isLater(one: LearnedLimit, known: LearnedLimit): boolean {
  return one.at !== known.at ? one.at > known.at : JSON.stringify(one) > JSON.stringify(known);
}
