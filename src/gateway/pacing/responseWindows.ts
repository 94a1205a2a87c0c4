import type { Route } from '../../billing/route.ts';
import { hubWindows, providerWindows, type ToldWindow } from '../../limits/pacing/reportedWindows.ts';
import { headerBag, type ResponseHead } from '../relay/responseHead.ts';

const none: readonly ToldWindow[] = [];

/**
 * The windows that an answer tells of and that a request counted against. What a partner says of itself through the
 * router is of Hugging Face's account there, which all its users share: nobody is held because of it.
 */
export function windowsTold(head: ResponseHead, route: Route, now: number): readonly ToldWindow[] {
  if (route.billedTo.startsWith('key:')) {
    return head.hasProviderRates
      ? providerWindows(headerBag(head.headers), route.provider, false, now)
      : none;
  }
  const { rateLimit, rateLimitPolicy } = head;
  if (rateLimit === undefined) return none;
  return hubWindows({ ratelimit: rateLimit, 'ratelimit-policy': rateLimitPolicy });
}
