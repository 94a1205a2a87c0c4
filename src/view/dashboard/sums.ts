import type { SpanTotal } from '../../limits/requests/countedSpan.ts';

export type Sums = Omit<SpanTotal, 'billedTo' | 'provider' | 'model'>;
type Growing = { -readonly [Key in keyof Sums]: Sums[Key] };

export function sumOf(totals: readonly Sums[]): Sums {
  const sum = emptySums();
  for (const total of totals) add(sum, total);
  return sum;
}

/** Sums by key, in the order of their first total. */
export function sumsBy<T extends Sums>(totals: Iterable<T>, keyOf: (total: T) => string): Map<string, Sums> {
  const sums = new Map<string, Growing>();
  for (const total of totals) {
    const key = keyOf(total);
    const sum = sums.get(key);
    if (sum) add(sum, total);
    else sums.set(key, { ...emptySums(), ...pick(total) });
  }
  return sums;
}

function add(sum: Growing, more: Sums): void {
  sum.requests += more.requests;
  sum.refused += more.refused;
  sum.promptTokens += more.promptTokens;
  sum.completionTokens += more.completionTokens;
  sum.costNanoUsd += more.costNanoUsd;
  sum.uncosted += more.uncosted;
  sum.timed += more.timed;
  sum.durationMs += more.durationMs;
  sum.streamed += more.streamed;
  sum.firstByteMs += more.firstByteMs;
}

function pick(total: Sums): Sums {
  const sum = emptySums();
  add(sum, total);
  return sum;
}

function emptySums(): Growing {
  return {
    requests: 0,
    refused: 0,
    promptTokens: 0,
    completionTokens: 0,
    costNanoUsd: 0,
    uncosted: 0,
    timed: 0,
    durationMs: 0,
    streamed: 0,
    firstByteMs: 0,
  };
}
