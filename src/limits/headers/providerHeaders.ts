import { type HeaderBag, headerValue, parseCount } from './headers.ts';
import { believedReset, type RateWindow } from './rateLimit.ts';
import { parseRetryAfter } from './retryAfter.ts';

/** The windows of one kind: three headers, `x-ratelimit-limit-tokens` and so on. */
type Family = readonly [suffix: string, scope: string, windowSeconds?: number];

const minute = 60;
const day = 86_400;
/** A header whose name has no length of time gets none: days and minutes are never mixed. */
const families: readonly Family[] = [
  ['requests-minute', 'requests per minute', minute],
  ['requests-hour', 'requests per hour', 3600],
  ['requests-day', 'requests per day', day],
  ['tokens-minute', 'tokens per minute', minute],
  ['tokens-hour', 'tokens per hour', 3600],
  ['tokens-day', 'tokens per day', day],
  ['requests', 'requests'],
  ['tokens', 'tokens'],
  ['tokens-prompt', 'prompt tokens'],
  ['tokens-cache-adjusted-prompt', 'cache-adjusted prompt tokens'],
  ['tokens-generated', 'generated tokens'],
];
/** Groq's two headers without a length of time: https://console.groq.com/docs/rate-limits. */
const groqFamilies: readonly Family[] = [
  ['requests', 'requests per day', day],
  ['tokens', 'tokens per minute', minute],
  ...families.filter(([suffix]) => suffix !== 'requests' && suffix !== 'tokens'),
];

function familiesOf(provider: string | undefined): readonly Family[] {
  return provider === 'groq' ? groqFamilies : families;
}

/** `tokens per minute`; undefined for a bucket that is in no known header. */
export function scopeOf({ provider, bucket }: Pick<RateWindow, 'provider' | 'bucket'>): string | undefined {
  return familiesOf(provider).find(([suffix]) => suffix === bucket)?.[1];
}

/**
 * The windows in a provider's `x-ratelimit-…` headers. A reset later than the window's length, or than an hour
 * where the name has none, is not believed. `now`: epoch ms at which the response came.
 */
export function parseProviderHeaders(
  headers: HeaderBag,
  provider: string | undefined,
  now: number,
): RateWindow[] {
  const windows: RateWindow[] = [];
  for (const [suffix, , windowSeconds] of familiesOf(provider)) {
    const limit = parseCount(headerValue(headers, `x-ratelimit-limit-${suffix}`)?.trim());
    const remaining = parseCount(headerValue(headers, `x-ratelimit-remaining-${suffix}`)?.trim());
    if (limit === undefined && remaining === undefined) continue;
    const reset = headerValue(headers, `x-ratelimit-reset-${suffix}`);
    const resetsAt = believedReset(parseRetryAfter(reset, now), windowSeconds, now);
    windows.push({
      bucket: suffix,
      provider,
      unit: suffix.startsWith('tokens') ? 'tokens' : 'requests',
      limit,
      remaining,
      windowSeconds,
      ...(resetsAt !== undefined && resetSpan(resetsAt, reset, now)),
      asOf: now,
      source: 'header',
    });
  }
  return windows;
}

/** Whole seconds and dates are exact to a second; `7.66s`, `20ms` and `33011.382867` to 10 ms. */
function resetSpan(
  resetsAt: number,
  reset: string | undefined,
  now: number,
): Pick<RateWindow, 'resetsAt' | 'resetsFrom'> {
  const latest = Math.max(now, resetsAt);
  return /\d\.\d|\dms$/.test(reset ?? '')
    ? { resetsAt: latest, resetsFrom: latest - 10 }
    : { resetsAt: latest };
}
