import { type Credits, monthStart, placeholderNanoUsd } from './credits.ts';
import type { BalanceSample } from './forecast.ts';

/** A usual request costs a small part of it: a mean cost near the placeholder shows that most are unsettled. */
const mostlyHeld = 0.5;
/** More are not open at once at one provider: many costly requests are settled. */
const mostOpen = 20;

/**
 * Nano-USD that unsettled requests may hold in a reading, at most. A later lower reading is the only proof; before
 * it the signs are spend that rose within `settlingMs`, and a mean cost near the placeholder. Spend that stood still
 * for that long is settled, and so is spend beyond a placeholder for each request.
 * @param samples of the same account, in any order
 */
export function mayBeHeld(
  { usedNanoUsd, requests, byProvider }: Credits,
  asOf: number,
  samples: readonly BalanceSample[],
  settlingMs: number,
): number {
  const month = monthStart(asOf);
  const before = samples.filter(({ at }) => at < asOf && at >= month).toSorted((a, b) => b.at - a.at);
  const settled = before.find(({ at }) => asOf - at >= settlingMs);
  const recent = before.filter(({ at }) => asOf - at < settlingMs);
  const rises = [...recent, ...(settled ? [settled] : [])].map(sample =>
    heldIn(usedNanoUsd - sample.usedNanoUsd, difference(requests, sample.requests)),
  );
  const rise = Math.max(0, ...rises);
  if (settled) return rise;
  const held = byProvider.reduce((sum, { nanoUsd, requests = 0 }) => {
    const isFew = requests > 0 && requests <= mostOpen;
    const isHeld = isFew && nanoUsd / requests >= mostlyHeld * placeholderNanoUsd;
    return isHeld ? sum + heldIn(nanoUsd, requests) : sum;
  }, 0);
  return Math.max(held, rise);
}

/** Whether requests cost more than their placeholders on average: settling them gives nothing back. */
export function areCostly(nanoUsd: number, requests = Number.POSITIVE_INFINITY): boolean {
  return nanoUsd > requests * placeholderNanoUsd;
}

/** Whole placeholders in what so many requests took. */
function heldIn(nanoUsd: number, requests: number | undefined): number {
  return areCostly(nanoUsd, requests) ? 0 : Math.floor(nanoUsd / placeholderNanoUsd) * placeholderNanoUsd;
}

function difference(requests: number | undefined, before: number | undefined): number | undefined {
  return requests === undefined || before === undefined ? undefined : requests - before;
}
