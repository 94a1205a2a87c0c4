import { mostClockSkewMs } from '../limits/bounds.ts';

/** The server's clock minus ours, from its `Date`; undefined when that is missing or not believed. */
export function clockSkewOf(date: string | undefined, at: number): number | undefined {
  const skewMs = Date.parse(date ?? '') - at;
  return Math.abs(skewMs) <= mostClockSkewMs ? skewMs : undefined;
}
