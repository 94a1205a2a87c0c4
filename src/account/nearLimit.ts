import type { Credits } from '../limits/credits.ts';
import type { Endpoint } from '../limits/endpoints.ts';
import type { LiveReading } from './fetchTask.ts';

const NEAR = 0.8;
const CHANGING = ['pending', 'initializing', 'updating'];

/** More than 80 % of the included credits or of a Hub window is used. */
export function isNearLimit(usage: Credits | undefined, live: LiveReading | undefined): boolean {
  const credits = live?.credits ?? usage;
  if (credits?.includedNanoUsd && credits.usedNanoUsd > NEAR * credits.includedNanoUsd) return true;
  return (live?.windows ?? []).some(({ used = 0, limit }) => limit !== undefined && used > NEAR * limit);
}

/** Some endpoint is starting or changing: its state is worth reading soon again. */
export function isInTransition(endpoints: readonly Endpoint[] | undefined): boolean {
  return (endpoints ?? []).some(({ state }) => CHANGING.includes(state));
}
