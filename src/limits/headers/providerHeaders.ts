import { type HeaderBag, headerValue, parseCount } from './headers.ts';
import type { RateWindow } from './rateLimit.ts';
import { parseRetryAfter } from './retryAfter.ts';

interface Family {
  /** The header's name after `x-ratelimit-remaining-`. */
  readonly suffix: string;
  readonly scope: string;
  readonly windowSeconds?: number;
}

const minute = 60;
const day = 86_400;
/** A header whose name has no length of time gets none: days and minutes are never mixed. */
const families: readonly Family[] = [
  { suffix: 'requests-minute', scope: 'requests per minute', windowSeconds: minute },
  { suffix: 'requests-hour', scope: 'requests per hour', windowSeconds: 3600 },
  { suffix: 'requests-day', scope: 'requests per day', windowSeconds: day },
  { suffix: 'tokens-minute', scope: 'tokens per minute', windowSeconds: minute },
  { suffix: 'tokens-hour', scope: 'tokens per hour', windowSeconds: 3600 },
  { suffix: 'tokens-day', scope: 'tokens per day', windowSeconds: day },
  { suffix: 'requests', scope: 'requests' },
  { suffix: 'tokens', scope: 'tokens' },
  { suffix: 'tokens-prompt', scope: 'prompt tokens' },
  { suffix: 'tokens-cache-adjusted-prompt', scope: 'cache-adjusted prompt tokens' },
  { suffix: 'tokens-generated', scope: 'generated tokens' },
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
  for (const { suffix, windowSeconds } of familiesOf(provider)) {
    const limit = parseCount(headerValue(headers, `x-ratelimit-limit-${suffix}`)?.trim());
    const remaining = parseCount(headerValue(headers, `x-ratelimit-remaining-${suffix}`)?.trim());
    if (limit === undefined && remaining === undefined) continue;
    const reset = headerValue(headers, `x-ratelimit-reset-${suffix}`);
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
