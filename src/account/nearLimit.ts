import type { Credits } from '../limits/account/credits.ts';
import type { Endpoint } from '../limits/account/endpoints.ts';
import type { LiveReading } from './liveReading.ts';

const near = 0.8;
const changing = ['pending', 'initializing', 'updating'];

/** More than 80 % of the included credits or of a Hub window is used. */
export function isNearLimit(usage: Credits | undefined, live: LiveReading | undefined): boolean {
  const credits = [usage, live?.credits?.value];
  const windows = live?.gauges?.value.windows ?? [];
  return (
    credits.some(known => known?.includedNanoUsd && known.usedNanoUsd > near * known.includedNanoUsd) ||
    windows.some(({ used = 0, limit }) => limit !== undefined && used > near * limit)
  );
}

/** Some endpoint is starting or changing: its state is worth reading soon again. */
export function isInTransition(endpoints: readonly Endpoint[] | undefined): boolean {
  return (endpoints ?? []).some(({ state }) => changing.includes(state));
}
