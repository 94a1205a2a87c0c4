import { limitsOf, windowKey } from './partnerLimits.ts';
import type { Headers } from './reply.ts';
import type { PartnerLimits } from './state.ts';
import type { World } from './world.ts';

const nothing: PartnerLimits = { tokensPerMinute: 0, requestsPerDay: 0, refuseNext: 0 };

/** How full the windows of the partner are: tokens of a minute, requests of a day. */
export function meters(world: World, provider: string, key?: string) {
  const now = world.clock.now();
  const partner = limitsOf(world, provider, key) ?? nothing;
  const minuteSeconds = partner.minuteSeconds ?? 60;
  const usedTokens = world.windows.used(windowKey(provider, 'tokens', key), now, minuteSeconds);
  const usedRequests = world.windows.used(windowKey(provider, 'requests', key), now, 86_400);
  return {
    tokens: partner.tokensPerMinute,
    requests: partner.requestsPerDay,
    usedTokens,
    tokensLeft: Math.max(0, partner.tokensPerMinute - usedTokens),
    requestsLeft: Math.max(0, partner.requestsPerDay - usedRequests),
    tokensResetSeconds: world.windows.msToReset(now, minuteSeconds) / 1000,
    requestsResetSeconds: world.windows.msToReset(now, 86_400) / 1000,
  };
}

/** What the partner says of its limits on every response: each in its own names and its own way to write a duration. */
export function partnerHeaders(world: World, provider: string, key?: string): Headers {
  const meter = meters(world, provider, key);
  switch (provider) {
    case 'groq':
      return {
        'x-ratelimit-limit-requests': meter.requests,
        'x-ratelimit-limit-tokens': meter.tokens,
        'x-ratelimit-remaining-requests': meter.requestsLeft,
        'x-ratelimit-remaining-tokens': meter.tokensLeft,
        'x-ratelimit-reset-requests': goDuration(meter.requestsResetSeconds),
        'x-ratelimit-reset-tokens': goDuration(meter.tokensResetSeconds),
      };
    case 'cerebras':
      return {
        'x-ratelimit-limit-requests-day': meter.requests,
        'x-ratelimit-limit-tokens-minute': meter.tokens,
        'x-ratelimit-remaining-requests-day': meter.requestsLeft,
        'x-ratelimit-remaining-tokens-minute': meter.tokensLeft,
        'x-ratelimit-reset-requests-day': meter.requestsResetSeconds.toFixed(6),
        'x-ratelimit-reset-tokens-minute': meter.tokensResetSeconds.toFixed(6),
      };
    case 'together':
      return { 'x-ratelimit-reset': Math.ceil(meter.tokensResetSeconds) };
    case 'fireworks-ai':
      return {
        'x-ratelimit-limit-tokens-prompt': meter.tokens,
        'x-ratelimit-remaining-tokens-prompt': meter.tokensLeft,
        'x-ratelimit-limit-tokens-generated': meter.tokens,
        'x-ratelimit-remaining-tokens-generated': meter.tokensLeft,
        'x-ratelimit-over-limit': 'no',
      };
    default:
      return {};
  }
}

/** `2m59.56s` */
export function goDuration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const rest = `${Number((seconds % 60).toFixed(3))}s`;
  return hours > 0 ? `${hours}h${minutes}m${rest}` : minutes > 0 ? `${minutes}m${rest}` : rest;
}
