import { type HeaderBag, headerValue } from '../headers/headers.ts';
import { rateFamilies } from '../headers/providerHeaders.ts';
import { parseRateLimitHeaders } from '../headers/rateLimit.ts';
import { parseRetryAfter } from '../headers/retryAfter.ts';
import { parseCount } from '../refusals/refusalRule.ts';

/** One window as a response tells of it. What it does not say is undefined. */
export interface ToldWindow {
  /** HF's bucket, or what stands behind `x-ratelimit-remaining-`. */
  readonly name: string;
  readonly unit: 'requests' | 'tokens';
  readonly limit?: number;
  readonly remaining?: number;
  readonly windowSeconds?: number;
  /** From the moment at which the server wrote it. */
  readonly resetsInMs?: number;
  /** How finely the server told it: it may be as much sooner. */
  readonly resolutionMs: number;
  /** It is somebody else's window: nobody is held for it. */
  readonly isShownOnly?: true;
}

const plainLimit = /^"([^"\\]+)";r=(\d{1,15});t=(\d{1,12})$/;
const plainPolicy = /^"fixed window";"([^"\\]+)";q=(\d{1,15});w=(\d{1,12})$/;
/** It is the same in thousands of answers. */
let lastPolicy: { readonly text: string; readonly match: RegExpExecArray | null } | undefined;

/**
 * Hugging Face's own windows: `RateLimit` and `RateLimit-Policy`, in whole seconds. What it sends is read at once: it
 * is on the way of every answer.
 */
export function hubWindows(headers: HeaderBag): ToldWindow[] {
  const policy = headerValue(headers, 'ratelimit-policy');
  const limit = headerValue(headers, 'ratelimit') ?? '';
  const [, bucket, remaining, seconds] = plainLimit.exec(limit) ?? [];
  if (policy !== undefined && lastPolicy?.text !== policy) {
    lastPolicy = { text: policy, match: plainPolicy.exec(policy) };
  }
  const [, name, quota, windowSeconds] = (policy !== undefined && lastPolicy?.match) || [];
  if (bucket === undefined || bucket !== name || / window$/i.test(bucket)) {
    return anyWindows(headers);
  }
  return [
    {
      name: bucket,
      unit: 'requests',
      limit: Number(quota),
      remaining: Number(remaining),
      windowSeconds: Number(windowSeconds),
      resetsInMs: Number(seconds) * 1000,
      resolutionMs: 1000,
    },
  ];
}

function anyWindows(headers: HeaderBag): ToldWindow[] {
  return parseRateLimitHeaders(headers, 0).map(
    ({ bucket, limit, remaining, windowSeconds, resetsAt: resetsInMs }) => ({
      name: bucket,
      unit: 'requests',
      limit,
      remaining,
      windowSeconds,
      resetsInMs,
      resolutionMs: 1000,
    }),
  );
}

/**
 * A provider's own windows.
 * @param isThroughRouter then they are those of Hugging Face's account at the provider, which all its users share.
 */
export function providerWindows(
  headers: HeaderBag,
  provider: string | undefined,
  isThroughRouter: boolean,
  now: number,
): ToldWindow[] {
  const told: ToldWindow[] = [];
  for (const { suffix, windowSeconds } of rateFamilies(provider)) {
    const limit = parseCount(headerValue(headers, `x-ratelimit-limit-${suffix}`)?.trim());
    const remaining = parseCount(headerValue(headers, `x-ratelimit-remaining-${suffix}`)?.trim());
    if (limit === undefined && remaining === undefined) continue;
    const reset = headerValue(headers, `x-ratelimit-reset-${suffix}`);
    const resetsAt = parseRetryAfter(reset, now);
    told.push({
      name: suffix,
      unit: suffix.startsWith('tokens') ? 'tokens' : 'requests',
      limit,
      remaining,
      windowSeconds,
      resetsInMs: resetsAt === undefined ? undefined : Math.max(0, resetsAt - now),
      // whole seconds and dates against `7.66s`, `20ms`, `33011.382867`
      resolutionMs: /\d\.\d|\dms$/.test(reset ?? '') ? 10 : 1000,
      ...(isThroughRouter && { isShownOnly: true }),
    });
  }
  return told;
}
