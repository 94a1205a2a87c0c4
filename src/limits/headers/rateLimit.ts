import { type HeaderItem, scanItems } from './headerItems.ts';
import { type HeaderBag, headerValue } from './headers.ts';

/** One rate-limit window as last told by a server. */
export interface RateWindow {
  /** HF's name of the bucket: `api`, `resolvers`, `pages`, `media`, `search`, `sensitive`, or a new one. */
  readonly bucket: string;
  readonly used?: number;
  readonly remaining?: number;
  readonly limit?: number;
  readonly windowSeconds?: number;
  /** Epoch ms. A gauge of the live stream has none. */
  readonly resetsAt?: number;
  /** Epoch ms at which the server said so. */
  readonly asOf: number;
  /** `gauge`: the live usage stream. `header`: `RateLimit` on a response. */
  readonly source: 'gauge' | 'header';
}

/**
 * The windows that a response tells of, from `RateLimit: "api";r=999;t=242` and
 * `RateLimit-Policy: "fixed window";"api";q=1000;w=300` (draft-ietf-httpapi-ratelimit-headers). Empty for
 * missing or unreadable headers. `now`: epoch ms at which the response came.
 */
export function parseRateLimitHeaders(headers: HeaderBag, now: number): RateWindow[] {
  const limit = headerValue(headers, 'ratelimit');
  const policy = headerValue(headers, 'ratelimit-policy');
  if (limit === undefined && policy === undefined) return [];
  const limits = itemsByBucket(limit);
  const policies = itemsByBucket(policy);
  return [...new Set([...limits.keys(), ...policies.keys()])].flatMap(bucket => {
    const remaining = count(limits.get(bucket), 'r');
    const seconds = amount(limits.get(bucket), 't');
    const limit = count(policies.get(bucket), 'q');
    const windowSeconds = amount(policies.get(bucket), 'w');
    if ((remaining ?? seconds ?? limit ?? windowSeconds) === undefined) return [];
    return {
      bucket,
      ...(remaining !== undefined && limit !== undefined && { used: Math.max(0, limit - remaining) }),
      ...(remaining !== undefined && { remaining }),
      ...(limit !== undefined && { limit }),
      ...(windowSeconds !== undefined && { windowSeconds }),
      ...(seconds !== undefined && { resetsAt: now + Math.ceil(seconds * 1000) }),
      asOf: now,
      source: 'header',
    };
  });
}

export type WindowState = 'ok' | 'nearly-full' | 'full';

const nearlyFullFraction = 0.9;

/** How full a window is at `now`; undefined when the server said too little. A window that is over is `ok`. */
export function windowState(window: RateWindow, now: number): WindowState | undefined {
  if (window.resetsAt !== undefined && window.resetsAt <= now) return 'ok';
  const { remaining, limit } = window;
  if (remaining === 0) return 'full';
  const used =
    window.used ?? (limit !== undefined && remaining !== undefined ? limit - remaining : undefined);
  if (used === undefined || limit === undefined || limit === 0) {
    return remaining === undefined ? undefined : 'ok';
  }
  if (used >= limit) return 'full';
  return used >= limit * nearlyFullFraction ? 'nearly-full' : 'ok';
}

function itemsByBucket(value: string | undefined): Map<string, HeaderItem> {
  const items = new Map<string, HeaderItem>();
  for (const item of scanItems(value ?? '')) {
    const bucket = bucketOf(item);
    if (bucket !== undefined) items.set(bucket, item);
  }
  return items;
}

/** HF puts the policy's kind (`"fixed window"`) before the bucket. */
function bucketOf(item: HeaderItem): string | undefined {
  const isBucket = (name: string) => name !== '' && !/\bwindow$/i.test(name);
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
