import { monthStart, nextMonthStart } from './credits.ts';

/** The month's spend as it stood at a time. Epoch ms, nano-USD. */
export interface BalanceSample {
  readonly at: number;
  readonly usedNanoUsd: number;
}

const hourMs = 3_600_000;
/** Long enough to hold a working day's rhythm, short enough to notice that someone stopped. */
const lookbackMs = 24 * hourMs;
/** Placeholders come and go within half an hour: less than this is noise. */
const shortestSpanMs = hourMs;

/**
 * Nano-USD per hour over the last day of this month's samples; undefined when they span under an hour.
 * Settled spend only grows, so a later, lower sample tells what the earlier ones held too much.
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
 * Epoch ms at which `remainingNanoUsd` will be gone at this pace; undefined when that is not known or does not
 * happen before the credits reset.
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
