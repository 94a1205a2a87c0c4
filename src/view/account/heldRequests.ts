import type { HeldRequests } from '../../gateway/options.ts';
import { idSegment } from '../tree/treeNode.ts';

/** Requests that the gateway holds in front of one limit. */
export interface Held extends HeldRequests {
  /** Epoch ms since which somebody has been waiting there without a break. */
  readonly since: number;
}

/** A limit of requests at once holds some for moments only: faces that told of each would jump. */
export const shownAfterMs = 1_000;
/** A hover that is sent anew with every count would flicker, and its links could hardly be hit. */
const calmMs = 10_000;

/** What faces tell of: where somebody has been waiting for a second or longer. */
export function shownHeld(held: readonly Held[] | undefined, now: number): Held[] {
  return (held ?? []).filter(({ since }) => now - since >= shownAfterMs);
}

/** All of them together. Undefined: nobody waits. */
export interface Waiting {
  readonly waiting: number;
  /** Epoch ms at which the first can go; undefined: nobody told, or it has passed. */
  readonly until?: number;
}

export function waitingOf(held: readonly HeldRequests[], now: number): Waiting | undefined {
  if (held.length === 0) return undefined;
  const ends = held.flatMap(({ until }) => (until !== undefined && until > now ? [until] : []));
  return {
    waiting: held.reduce((sum, { waiting }) => sum + waiting, 0),
    ...(ends.length > 0 && { until: Math.min(...ends) }),
  };
}

/** Names a limit to the commands, from the tree and from links: the id of its row. */
export function heldId({ limit }: HeldRequests): string {
  return `rate-limits:held/${idSegment(limit)}`;
}

export interface CalmHeld {
  readonly held: readonly Held[];
  /** Epoch ms at which `held` was what it is. */
  readonly at: number;
}

/** What a hover shows: at once where limits come and go, and counts that are up to ten seconds old. */
export function calmHeld(before: CalmHeld | undefined, held: readonly Held[], now: number): CalmHeld {
  const same =
    before && now - before.at < calmMs && now >= before.at && limitsOf(before.held) === limitsOf(held);
  return same ? before : { held, at: now };
}

/** Epoch ms at which `calmHeld` takes over what is held now; undefined: it has. */
export function nextCalmAt(calm: CalmHeld, held: readonly Held[]): number | undefined {
  return calm.held === held ? undefined : calm.at + calmMs;
}

function limitsOf(held: readonly Held[]): string {
  return JSON.stringify(held.map(({ limit, since }) => [limit, since]));
}
