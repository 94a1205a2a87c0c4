import { type Credits, monthStart, placeholderNanoUsd } from './credits.ts';
import type { BalanceSample } from './forecast.ts';

/** A usual request costs a small part of it: a mean cost near the placeholder shows that most are unsettled. */
const mostlyHeld = 0.5;
/** More are not open at once at one provider: many costly requests are settled. */
const mostOpen = 20;

/**
 * Nano-USD that unsettled requests may hold in a reading, at most. A later lower reading is the only proof; before
 * it the signs are spend that rose within `settlingMs`, and a mean cost near the placeholder. Spend that stood still
 * for that long is settled.
 * @param samples of the same account, in any order
 */
export function mayBeHeld(
  { usedNanoUsd, byProvider }: Credits,
  asOf: number,
  samples: readonly BalanceSample[],
  settlingMs: number,
): number {
  const month = monthStart(asOf);
  const before = samples.filter(({ at }) => at < asOf && at >= month).toSorted((a, b) => b.at - a.at);
  const settled = before.find(({ at }) => asOf - at >= settlingMs);
  const recent = before.filter(({ at }) => asOf - at < settlingMs);
  const least = [...recent, ...(settled ? [settled] : [])].reduce(
    (sum, sample) => Math.min(sum, sample.usedNanoUsd),
    usedNanoUsd,
  );
  if (settled) return wholePlaceholders(usedNanoUsd - least);
  const held = byProvider.reduce((sum, { nanoUsd, requests = 0 }) => {
    const isFew = requests > 0 && requests <= mostOpen;
    const isHeld = isFew && nanoUsd / requests >= mostlyHeld * placeholderNanoUsd;
    return isHeld ? sum + Math.min(wholePlaceholders(nanoUsd), requests * placeholderNanoUsd) : sum;
  }, 0);
  return Math.max(held, wholePlaceholders(usedNanoUsd - least));
}

function wholePlaceholders(nanoUsd: number): number {
  return Math.floor(nanoUsd / placeholderNanoUsd) * placeholderNanoUsd;
}
