import type { Snapshot } from '../../account/snapshot.ts';
import { nextMonthStart } from '../../limits/account/credits.ts';
import { buckets, heldUpUntil, holdUp, isNearlyFull, overAt } from '../account/buckets.ts';
import { shownAfterMs, shownHeld, waitingOf } from '../account/heldRequests.ts';
import { refusedForMs } from '../account/moneyRefused.ts';
import { type NamedPart, namedParts } from '../account/parts.ts';
import { triesAgainAt } from '../account/problemText.ts';
import { nextWindowChangeAt, shownWindows } from '../account/providerWindows.ts';
import { type Clocks, isStale, staleAt } from '../account/staleness.ts';
import {
  countsDownMs,
  nextAgeChangeAt,
  nextCountdownChangeAt,
  nextInChangeAt,
  nextMinuteChangeAt,
} from '../text/times.ts';
import type { FaceOptions } from '../viewInput.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/**
 * Epoch ms at which a face would look different although nothing new is known; Infinity for never. Seconds count
 * only where somebody sees them: while the status bar counts down, or while the window is `watched` (focused, or
 * with the tree open), for the countdowns of tree and hover.
 */
export function nextRepaintAt(
  snapshot: Snapshot,
  now: number,
  watched = true,
  { held = [], providerWindows }: Pick<FaceOptions, 'held' | 'providerWindows'> = {},
): number {
  let next = Number.POSITIVE_INFINITY;
  const at = (candidate: number | undefined) => {
    if (candidate !== undefined && candidate > now && candidate < next) next = candidate;
  };
  const skewMs = snapshot.clockSkewMs ?? 0;
  const clocks = { now, serverNow: now + skewMs };
  const atServerClock = (time: number | null | undefined) => {
    if (typeof time === 'number') atClock(time - skewMs);
  };
  const atClock = (time: number | null | undefined) => {
    for (const change of clockChangesAt(time)) at(change);
  };
  for (const { since } of held) at(since + shownAfterMs);
  const waiting = shownHeld(held, now);
  const first = waitingOf(waiting, now)?.until;
  if (first !== undefined) at(nextCountdownChangeAt(first, now));
  for (const { until } of waiting) {
    if (until !== undefined) at(watched ? nextCountdownChangeAt(until, now) : until);
  }
  const blocked = holdUp(snapshot, now);
  if (blocked?.until !== undefined) at(nextCountdownChangeAt(blocked.until, now));
  for (const bucket of buckets(snapshot, now)) {
    const { resetsAt } = bucket;
    at(overAt(bucket));
    if (resetsAt === undefined || !watched) continue;
    at(isNearlyFull(bucket) ? nextCountdownChangeAt(resetsAt, now) : nextMinuteChangeAt(resetsAt, now));
  }
  for (const window of shownWindows(providerWindows, now)) at(nextWindowChangeAt(window, now, watched));
  at(nextPartChangeAt(namedParts(snapshot), clocks));
  if (snapshot.credits.value) at(nextInChangeAt(nextMonthStart(clocks.serverNow) - skewMs, now));
  const quota = snapshot.zeroGpu.value;
  atServerClock(quota?.resetsAt);
  atServerClock(quota?.runs?.resetsAt);
  for (const refusal of snapshot.refusals) {
    atClock(refusal.resetsAt);
    if (refusal.resetsAt !== undefined) at(nextRefusalCountdownAt(refusal.resetsAt, now, watched));
    at(heldUpUntil(refusal));
    for (const lastsMs of [0, refusedForMs, hourMs, dayMs]) at(refusal.at + lastsMs);
  }
  return next;
}

/** Epoch ms at which rows of these parts would look different although nothing new is known; Infinity for never. */
export function nextPartChangeAt(parts: readonly NamedPart[], clocks: Clocks): number {
  const { now } = clocks;
  const changes = parts.flatMap(named => {
    const { kind, part } = named;
    // an age is on screen once it is stale; that of credits always
    const ofCredits = kind === 'credits' || kind === 'organizationCredits';
    const aged = part.asOf !== undefined && (ofCredits || isStale(named, clocks));
    return [
      staleAt(named, clocks),
      aged && part.asOf !== undefined ? nextAgeChangeAt(part.asOf, now) : undefined,
      ...clockChangesAt(part.problem && triesAgainAt(part.problem)),
    ];
  });
  return changes.reduce<number>(
    (next, change) => (change !== undefined && change > now && change < next ? change : next),
    Number.POSITIVE_INFINITY,
  );
}

/** Rows of refusals count down the last hour. */
function nextRefusalCountdownAt(resetsAt: number, now: number, watched: boolean): number | undefined {
  if (resetsAt - now >= countsDownMs) return resetsAt - countsDownMs + 1;
  return watched ? nextCountdownChangeAt(resetsAt, now) : undefined;
}

/** A time of day is shown with its date while it is a day or more away, in either direction. */
function clockChangesAt(time: number | null | undefined): number[] {
  return typeof time === 'number' ? [time - dayMs + 1, time, time + dayMs] : [];
}
