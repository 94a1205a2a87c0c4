import type { SpanTotal } from './countedSpan.ts';

/** Requests that are added up. */
export type Sums = Omit<SpanTotal, 'billedTo' | 'provider' | 'model'>;
export type GrowingSums = { -readonly [Key in keyof Sums]: Sums[Key] };

export const noSums: Sums = {
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

/** In place. */
export function addSums(sum: GrowingSums, more: Sums): void {
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
