import { monthStart, nextMonthStart } from './credits.ts';

/** The month's spend at a time. Epoch ms, nano-USD. */
export interface BalanceSample {
  readonly at: number;
  readonly usedNanoUsd: number;
}

const hourMs = 3_600_000;
/** Long enough for the rhythm of a working day, short enough to notice a stop. */
const lookbackMs = 24 * hourMs;
/** Placeholders come and go within half an hour: a shorter span is noise. */
const shortestSpanMs = hourMs;

/**
 * Nano-USD per hour over the last day of this month's samples; undefined when they span less than an hour.
 * Settled spend only grows: a later, lower sample shows that the earlier ones had placeholders in them.
 */
export function burnRateNanoUsdPerHour(samples: readonly BalanceSample[], now: number): number | undefined {
  const since = Math.max(monthStart(now), now - lookbackMs);
  const recent = samples.filter(sample => sample.at >= since && sample.at <= now).sort((a, b) => a.at - b.at);
  const first = recent[0];
  const last = recent.at(-1);
  if (!first || !last || last.at - first.at < shortestSpanMs) return undefined;
  const settledAtFirst = recent.reduce((least, sample) => Math.min(least, sample.usedNanoUsd), Infinity);
  return ((last.usedNanoUsd - settledAtFirst) / (last.at - first.at)) * hourMs;
}

/**
 * Epoch ms at which the rest is used up at this pace; undefined: not known, or not before the credits reset.
 */
export function runsOutAt(
  remainingNanoUsd: number | undefined,
  nanoUsdPerHour: number | undefined,
  now: number,
): number | undefined {
  if (remainingNanoUsd === undefined || nanoUsdPerHour === undefined || nanoUsdPerHour <= 0) return undefined;
  const at = now + Math.round((remainingNanoUsd / nanoUsdPerHour) * hourMs);
  return at < nextMonthStart(now) ? at : undefined;
}
