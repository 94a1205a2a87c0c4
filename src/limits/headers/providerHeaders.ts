import { type HeaderBag, headerValue, parseCount } from './headers.ts';
import { believedReset, type RateWindow } from './rateLimit.ts';
import { parseRetryAfter } from './retryAfter.ts';

/** The windows of one kind. */
interface Family {
  readonly suffix: string;
  readonly scope: string;
  readonly windowSeconds: number | undefined;
  /** Put together once: that takes longer than to look for them. */
  readonly headers: Readonly<Record<'limit' | 'remaining' | 'reset', string>>;
}

function family(suffix: string, scope: string, windowSeconds?: number): Family {
  const name = (what: string) => `x-ratelimit-${what}-${suffix}`;
  const headers = { limit: name('limit'), remaining: name('remaining'), reset: name('reset') };
  return { suffix, scope, windowSeconds, headers };
}

const minute = 60;
const day = 86_400;
/** A header whose name has no length of time gets none: days and minutes are never mixed. */
const families: readonly Family[] = [
  family('requests-minute', 'requests per minute', minute),
  family('requests-hour', 'requests per hour', 3600),
  family('requests-day', 'requests per day', day),
  family('tokens-minute', 'tokens per minute', minute),
  family('tokens-hour', 'tokens per hour', 3600),
  family('tokens-day', 'tokens per day', day),
  family('requests', 'requests'),
  family('tokens', 'tokens'),
  family('tokens-prompt', 'prompt tokens'),
  family('tokens-cache-adjusted-prompt', 'cache-adjusted prompt tokens'),
  family('tokens-generated', 'generated tokens'),
];
/** Groq's two headers without a length of time: https://console.groq.com/docs/rate-limits. */
const groqFamilies: readonly Family[] = [
  family('requests', 'requests per day', day),
  family('tokens', 'tokens per minute', minute),
  ...families.filter(({ suffix }) => suffix !== 'requests' && suffix !== 'tokens'),
];

function familiesOf(provider: string | undefined): readonly Family[] {
  return provider === 'groq' ? groqFamilies : families;
}

/** `tokens per minute`; undefined for a bucket that is in no known header. */
export function scopeOf({ provider, bucket }: Pick<RateWindow, 'provider' | 'bucket'>): string | undefined {
  return familiesOf(provider).find(({ suffix }) => suffix === bucket)?.scope;
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
  for (const { suffix, windowSeconds, headers: names } of familiesOf(provider)) {
    const limit = parseCount(headerValue(headers, names.limit)?.trim());
    const remaining = parseCount(headerValue(headers, names.remaining)?.trim());
    if (limit === undefined && remaining === undefined) continue;
    const reset = headerValue(headers, names.reset);
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
