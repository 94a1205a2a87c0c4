import { longestUntoldResetMs, longestWindowMs, mostWindowsPerAnswer } from '../bounds.ts';
import { isBucketName } from '../refusals/serverToken.ts';
import { type HeaderItem, scanItems } from './headerItems.ts';
import { longestValue } from './headers.ts';
import { memoLast } from './memo.ts';

/** One rate-limit window as a server last reported it: the same shape from the header to the status bar. */
export interface RateWindow {
  /** HF's bucket (`api`, `resolvers`, …), or the end of a provider's `x-ratelimit-remaining-…` header. */
  readonly bucket: string;
  /** The provider's id; undefined: Hugging Face. */
  readonly provider?: string;
  /** The model that the provider limits; undefined: all of them, or not known. */
  readonly model?: string;
  /** Undefined: requests. */
  readonly unit?: 'requests' | 'tokens';
  readonly used?: number;
  readonly remaining?: number;
  readonly limit?: number;
  readonly windowSeconds?: number;
  /** Epoch ms of the latest possible reset. A gauge of the live stream has none. */
  readonly resetsAt?: number;
  /** Epoch ms of the earliest possible reset; undefined: one second before `resetsAt`. */
  readonly resetsFrom?: number;
  /** Epoch ms of the report. */
  readonly asOf: number;
  /** `gauge`: the live usage stream. `header`: headers of a response. */
  readonly source: 'gauge' | 'header';
  /**
   * The window of HF's own account at the provider. All of HF's users share it, so no request waits for it.
   */
  readonly isShownOnly?: true;
  /** Inferred: the reported window ended at `asOf`, and the next one began with nothing used. */
  readonly rolledOver?: true;
  /** Only on a window that was brought up to date; undefined: not known. */
  readonly state?: WindowState;
}

export type WindowState = 'ok' | 'nearly-full' | 'full';

/**
 * The windows in `RateLimit: "api";r=999;t=242` and `RateLimit-Policy: "fixed window";"api";q=1000;w=300`
 * (draft-ietf-httpapi-ratelimit-headers, versions 8 to 11). The working group's next text calls `r` and `t`
 * `a` (available quota) and `w` (effective window):
 * https://github.com/ietf-wg-httpapi/ratelimit-headers/pull/166. Empty for headers that are missing, unreadable
 * or longer than 16 KiB; never throws. A reset later than the policy's window, or than an hour without one, is
 * not believed. `now`: epoch ms at which the response came.
 */
export function parseRateLimitHeaders(
  limit: string | undefined,
  policy: string | undefined,
  now: number,
): RateWindow[] {
  if (limit === undefined && policy === undefined) return [];
  const limits = itemsByBucket(limit);
  const policies = lastPolicies([policy], () => itemsByBucket(policy));
  const buckets = [...new Set([...limits.keys(), ...policies.keys()])].slice(0, mostWindowsPerAnswer);
  return buckets.flatMap(bucket => {
    const current = limits.get(bucket);
    const remaining = count(current, 'r') ?? count(current, 'a');
    // in an item of the older drafts `w` would be the window's whole length
    const seconds = amount(current, 't') ?? (current?.parameters.has('a') ? amount(current, 'w') : undefined);
    const limit = count(policies.get(bucket), 'q');
    const length = amount(policies.get(bucket), 'w');
    const windowSeconds = length !== undefined && length * 1000 <= longestWindowMs ? length : undefined;
    if ((remaining ?? seconds ?? limit ?? windowSeconds) === undefined) return [];
    return {
      bucket,
      used: usedOf({ limit, remaining }),
      remaining,
      limit,
      windowSeconds,
      resetsAt:
        seconds === undefined ? undefined : believedReset(resetAt(seconds * 1000, now), windowSeconds, now),
      asOf: now,
      source: 'header',
    };
  });
}

/** Servers round the seconds up. */
const roundedMs = 1000;

/**
 * The reset that a server reported at `now`, epoch ms; undefined when its window would be over by then, or when
 * it is more than an hour ahead and no length of the window is told.
 */
export function believedReset(
  resetsAt: number | undefined,
  windowSeconds: number | undefined,
  now: number,
): number | undefined {
  const longestMs = windowSeconds === undefined ? longestUntoldResetMs : windowSeconds * 1000;
  return resetsAt !== undefined && resetsAt - now <= longestMs + roundedMs ? resetsAt : undefined;
}

/**
 * Epoch ms of a reset `delayMs` after `now`; undefined when that is more than 32 days ahead, or no number.
 */
export function resetAt(delayMs: number, now: number): number | undefined {
  // rounded up, so that no retry is early; the inner rounding drops the float's error
  return delayMs <= longestWindowMs ? now + Math.ceil(Math.round(delayMs * 1000) / 1000) : undefined;
}

/** The time, unless it is more than 32 days away. */
export function knownTime(at: number | undefined, now: number): number | undefined {
  return at !== undefined && Math.abs(at - now) <= longestWindowMs ? at : undefined;
}

/** Reported, or the rest of the limit; undefined: not known. */
export function usedOf({
  used,
  limit,
  remaining,
}: Pick<RateWindow, 'used' | 'limit' | 'remaining'>): number | undefined {
  if (used !== undefined || limit === undefined || remaining === undefined) return used;
  return Math.max(0, limit - remaining);
}

const nearlyFullFraction = 0.9;

/**
 * How full a window is at `now`; undefined when the server said too little. A window that is over is `ok`.
 */
export function windowState(window: RateWindow, now: number): WindowState | undefined {
  if (window.resetsAt !== undefined && window.resetsAt <= now) return 'ok';
  const { remaining, limit } = window;
  if (remaining === 0) return 'full';
  const used = usedOf(window);
  if (used === undefined || limit === undefined || limit === 0) {
    return remaining === undefined ? undefined : 'ok';
  }
  if (used >= limit) return 'full';
  return used >= limit * nearlyFullFraction ? 'nearly-full' : 'ok';
}

function itemsByBucket(value = ''): Map<string, HeaderItem> {
  const items = new Map<string, HeaderItem>();
  for (const item of value.length > longestValue ? [] : scanItems(value)) {
    const bucket = bucketOf(item);
    if (bucket !== undefined) items.set(bucket, item);
  }
  return items;
}

/** A server's policy is the same in each response. */
const lastPolicies = memoLast<ReadonlyMap<string, HeaderItem>>();

/** HF puts the policy's kind (`"fixed window"`) before the bucket. */
function bucketOf(item: HeaderItem): string | undefined {
  const isBucket = (name: string) => !/\bwindow$/i.test(name) && isBucketName(name);
  return item.quotedNames.findLast(isBucket) ?? item.bareNames.find(isBucket);
}

function amount(item: HeaderItem | undefined, key: string): number | undefined {
  const text = item?.parameters.get(key);
  return text !== undefined && /^\d{1,12}(\.\d{1,9})?$|^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function count(item: HeaderItem | undefined, key: string): number | undefined {
  const value = amount(item, key);
  return value === undefined ? undefined : Math.floor(value);
}
