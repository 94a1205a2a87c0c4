import type { Route } from '../../billing/route.ts';
import { parseProviderHeaders } from '../../limits/headers/providerHeaders.ts';
import { parseRateLimitHeaders, type RateWindow } from '../../limits/headers/rateLimit.ts';
import { headerBag, type ResponseHead } from '../relay/responseHead.ts';

const none: readonly RateWindow[] = [];

/**
 * The windows that a response reports and its request counted against. A partner behind the router reports
 * those of HF's own account, which all of HF's users share: no request waits for them.
 */
export function reportedWindows(head: ResponseHead, route: Route, now: number): readonly RateWindow[] {
  if (route.billedTo.startsWith('key:')) {
    return head.hasProviderRates ? parseProviderHeaders(headerBag(head.headers), route.provider, now) : none;
  }
  const { rateLimit, rateLimitPolicy } = head;
  if (rateLimit === undefined) return none;
  return parseRateLimitHeaders({ ratelimit: rateLimit, 'ratelimit-policy': rateLimitPolicy }, now);
}
