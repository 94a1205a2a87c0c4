import {
  longestHeldMs,
  longestSharedName,
  longestWindowMs,
  mostSharedLanes,
  mostWindowsPerLimit,
} from '../bounds.ts';
import { believedReset, type RateWindow } from '../headers/rateLimit.ts';
import { isBucketName, providerId } from '../refusals/serverToken.ts';
import type { ClosedLane, LearnedLimit } from './learnedLimits.ts';

/** The last time of `Date`. */
const lastMs = 8.64e15;

/**
 * A shared limit as this version would have learned it; undefined when it has another form. Another version or
 * a person may have written it: names, counts and times beyond the bounds are left out. Never throws.
 */
export function readLearned(value: unknown): LearnedLimit | undefined {
  if (!isRecord(value) || !Array.isArray(value.windows) || !Array.isArray(value.closed)) return undefined;
  const [limit, gateway, at] = [nameIn(value.limit), nameIn(value.gateway), timeIn(value.at)];
  if (limit === undefined || gateway === undefined || at === undefined) return undefined;
  return {
    limit,
    gateway,
    at,
    usedAt: Math.min(at, timeIn(value.usedAt) ?? 0),
    windows: value.windows.slice(0, mostWindowsPerLimit).flatMap(window => windowIn(window, at) ?? []),
    closed: value.closed.slice(0, mostSharedLanes).flatMap(lane => laneIn(lane, at) ?? []),
  };
}

function windowIn(value: unknown, at: number): RateWindow | undefined {
  if (!isRecord(value)) return undefined;
  const { bucket, unit, isShownOnly } = value;
  const asOf = timeIn(value.asOf);
  if (typeof bucket !== 'string' || !isBucketName(bucket) || asOf === undefined || asOf > at)
    return undefined;
  const provider = providerIn(value.provider);
  const [limit, seconds] = [countIn(value.limit), countIn(value.windowSeconds)];
  const windowSeconds = seconds !== undefined && seconds * 1000 <= longestWindowMs ? seconds : undefined;
  const reported = timeIn(value.resetsAt);
  const resetsAt = believedReset(reported, windowSeconds, asOf);
  const from = timeIn(value.resetsFrom);
  // a window with a reset that can't be is not known to be full
  const remaining = resetsAt === reported ? countIn(value.remaining) : undefined;
  return {
    bucket,
    ...(provider !== undefined && { provider }),
    ...((unit === 'requests' || unit === 'tokens') && { unit }),
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(windowSeconds !== undefined && { windowSeconds }),
    ...(resetsAt !== undefined && from !== undefined && { resetsFrom: Math.min(from, resetsAt) }),
    ...(resetsAt !== undefined && { resetsAt }),
    asOf,
    source: 'header',
    ...(isShownOnly === true && { isShownOnly }),
  };
}

function laneIn(value: unknown, at: number): ClosedLane | undefined {
  if (!isRecord(value)) return undefined;
  const [lane, closedAt, until] = [nameIn(value.lane), timeIn(value.at), timeIn(value.until)];
  if (lane === undefined || closedAt === undefined || until === undefined) return undefined;
  if (closedAt > at || until - closedAt > longestHeldMs) return undefined;
  const by = providerIn(value.by);
  return { lane, at: closedAt, until, ...(by !== undefined && { by }) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function nameIn(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= longestSharedName ? value : undefined;
}

function timeIn(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= lastMs ? value : undefined;
}

function countIn(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

function providerIn(value: unknown): string | undefined {
  return typeof value === 'string' ? providerId(value) : undefined;
}
