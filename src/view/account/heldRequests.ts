import type { HeldRequests } from '../../gateway/options.ts';
import { memoLast } from '../../limits/headers/memo.ts';
import { idSegment } from '../text/idSegment.ts';

/** Requests that the gateway holds in front of one limit. */
export interface Held extends HeldRequests {
  /** Epoch ms since which this limit has held requests without a break. */
  readonly since: number;
}

/** A concurrency limit holds some requests for moments only: views would jump. */
const shownAfterMs = 1_000;
/** An open hover that changes with every count would flicker, and its links would be hard to hit. */
const calmMs = 10_000;

/** The limits that have held requests for a second or longer. */
export function shownHeld(held: readonly Held[], now: number): Held[] {
  return held.filter(({ since }) => now - since >= shownAfterMs);
}

/** All held requests together. */
export interface HeldTotal {
  readonly waiting: number;
  /** Epoch ms at which the first can go; undefined: not known, or over. */
  readonly until?: number;
}

/** Undefined: no requests are held. */
export function heldTotal(held: readonly HeldRequests[], now: number): HeldTotal | undefined {
  if (held.length === 0) return undefined;
  const ends = held.flatMap(({ until }) => (until !== undefined && until > now ? [until] : []));
  return {
    waiting: held.reduce((sum, { waiting }) => sum + waiting, 0),
    ...(ends.length > 0 && { until: Math.min(...ends) }),
  };
}

/** The id of a limit's row, which also names the limit to commands. */
export function heldId({ limit }: HeldRequests): string {
  return `rate-limits:held/${idSegment(limit)}`;
}

/** Makes the held requests for a hover: new limits at once, new counts every 10 s. */
export function calmHeld(): (held: readonly Held[], now: number) => readonly Held[] {
  const last = memoLast<readonly Held[]>();
  return (held, now) => {
    const limits = held.flatMap(({ limit, since }) => [limit, since]);
    return last([Math.floor(now / calmMs), ...limits], () => held);
  };
}
