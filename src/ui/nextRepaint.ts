import type { Snapshot } from '../account/snapshot.ts';
import { nextMonthStart } from '../limits/credits.ts';
import { buckets, heldUpUntil, holdUp, overAt } from './buckets.ts';
import { refusedForMs } from './creditsFace.ts';
import { namedParts } from './parts.ts';
import { triesAgainAt } from './problemText.ts';
import { isStale, staleAt } from './staleness.ts';
import { nextAgeChangeAt, nextCountdownChangeAt, nextInChangeAt } from './times.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * Epoch ms at which a face would look different although nothing new is known; Infinity for never. Seconds count
 * only where somebody sees them: while the status bar counts down, or while the window is `watched` (focused, or
 * with the tree open), for the countdowns of tree and hover.
 */
export function nextRepaintAt(snapshot: Snapshot, now: number, watched = true): number {
  let next = Number.POSITIVE_INFINITY;
  const at = (candidate: number | undefined) => {
    if (candidate !== undefined && candidate > now && candidate < next) next = candidate;
  };
  // a time of day is shown with its date while it is a day or more away
  const skewMs = snapshot.clockSkewMs ?? 0;
  const clocks = { now, serverNow: now + skewMs };
  const atServerClock = (time: number | null | undefined) => {
    if (typeof time === 'number') atClock(time - skewMs);
  };
  const atClock = (time: number | null | undefined) => {
    if (time === undefined || time === null) return;
    at(time - DAY_MS + 1);
    at(time);
  };
  if (!snapshot.session) return next;

  const blocked = holdUp(snapshot, now);
  if (blocked?.until !== undefined) at(nextCountdownChangeAt(blocked.until, now));
  for (const bucket of buckets(snapshot, now)) {
    const { resetsAt } = bucket;
    at(resetsAt === undefined || !watched ? overAt(bucket) : nextCountdownChangeAt(resetsAt, now));
  }
  for (const named of namedParts(snapshot)) {
    const { kind, part } = named;
    at(staleAt(named, clocks));
    // an age is on screen once it is stale; that of the credits always
    if (part.asOf !== undefined && (kind === 'credits' || isStale(named, clocks)))
      at(nextAgeChangeAt(part.asOf, now));
    atClock(part.problem && triesAgainAt(part.problem));
  }
  if (snapshot.credits.value) at(nextInChangeAt(nextMonthStart(clocks.serverNow) - skewMs, now));
  const quota = snapshot.zeroGpu.value;
  atServerClock(quota?.resetsAt);
  atServerClock(quota?.runs?.resetsAt);
  for (const refusal of snapshot.refusals) {
    atClock(refusal.resetsAt);
    at(heldUpUntil(refusal));
    for (const lastsMs of [0, refusedForMs, HOUR_MS, DAY_MS]) at(refusal.at + lastsMs);
  }
  return next;
}
