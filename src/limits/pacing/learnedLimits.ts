import type { RateWindow } from '../headers/rateLimit.ts';

/** The facts that one gateway learned about one limit. Plain data: gateways share it through the ledger. */
export interface LearnedLimit {
  readonly limit: string;
  readonly gateway: string;
  /** Epoch ms of the writing. */
  readonly at: number;
  /** Epoch ms of the gateway's last request; 0: never. */
  readonly usedAt: number;
  readonly windows: readonly RateWindow[];
  /** Lanes that a refusal closed and no window explains. */
  readonly closed: readonly ClosedLane[];
}

export interface ClosedLane {
  readonly lane: string;
  /** Epoch ms. */
  readonly at: number;
  readonly until: number;
  /** The server that refused: `huggingface` or a provider's id; undefined: not known. */
  readonly by?: string;
}

/**
 * Both together: the later one of each gateway and limit. Commutative, associative, idempotent; sorted by
 * limit and gateway.
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

/** Two writings of one millisecond are equal in age: any fixed order will do. */
function isLater(one: LearnedLimit, known: LearnedLimit): boolean {
  return one.at !== known.at ? one.at > known.at : JSON.stringify(one) > JSON.stringify(known);
}
