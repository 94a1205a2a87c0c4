import { type HeaderBag, headerValue, parseCount } from './headers.ts';
import type { RateWindow } from './rateLimit.ts';
import { parseRetryAfter } from './retryAfter.ts';

/** The windows of one kind: three headers, `x-ratelimit-limit-tokens` and so on. */
interface Family {
  /** The end of the headers' names. */
  readonly suffix: string;
  readonly scope: string;
  readonly windowSeconds?: number;
  readonly limitHeader: string;
  readonly remainingHeader: string;
  readonly resetHeader: string;
}

function family(suffix: string, scope: string, windowSeconds?: number): Family {
  const limitHeader = `x-ratelimit-limit-${suffix}`;
  const remainingHeader = `x-ratelimit-remaining-${suffix}`;
  return {
    suffix,
    scope,
    windowSeconds,
    limitHeader,
    remainingHeader,
    resetHeader: `x-ratelimit-reset-${suffix}`,
  };
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
const groqFamilies: readonly Family[] = families.map(family => {
  if (family.suffix === 'requests') return { ...family, scope: 'requests per day', windowSeconds: day };
  if (family.suffix === 'tokens') return { ...family, scope: 'tokens per minute', windowSeconds: minute };
  return family;
});

function familiesOf(provider: string | undefined): readonly Family[] {
  return provider === 'groq' ? groqFamilies : families;
}

/** `tokens per minute`; undefined for a bucket that is in no known header. */
export function scopeOf({ provider, bucket }: Pick<RateWindow, 'provider' | 'bucket'>): string | undefined {
  return familiesOf(provider).find(({ suffix }) => suffix === bucket)?.scope;
}

/** The windows in a provider's `x-ratelimit-…` headers. `now`: epoch ms at which the response came. */
export function parseProviderHeaders(
  headers: HeaderBag,
  provider: string | undefined,
  now: number,
): RateWindow[] {
  const windows: RateWindow[] = [];
  for (const { suffix, windowSeconds, limitHeader, remainingHeader, resetHeader } of familiesOf(provider)) {
    const limit = parseCount(headerValue(headers, limitHeader)?.trim());
    const remaining = parseCount(headerValue(headers, remainingHeader)?.trim());
    if (limit === undefined && remaining === undefined) continue;
    const reset = headerValue(headers, resetHeader);
    const resetsAt = parseRetryAfter(reset, now);
    windows.push({
      bucket: suffix,
      ...(provider !== undefined && { provider }),
      unit: suffix.startsWith('tokens') ? 'tokens' : 'requests',
      ...(limit !== undefined && { limit }),
      ...(remaining !== undefined && { remaining }),
      ...(windowSeconds !== undefined && { windowSeconds }),
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
