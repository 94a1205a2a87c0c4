import type { Headers } from '../http/reply.ts';
import type { World } from '../world.ts';
import { providerUsage } from './limits.ts';

/** Limit headers on every response of the provider, in its own names and duration format. */
export function providerHeaders(world: World, provider: string, key?: string): Headers {
  const usage = providerUsage(world, provider, key);
  switch (provider) {
    case 'groq':
      return {
        'x-ratelimit-limit-requests': usage.requests,
        'x-ratelimit-limit-tokens': usage.tokens,
        'x-ratelimit-remaining-requests': usage.requestsLeft,
        'x-ratelimit-remaining-tokens': usage.tokensLeft,
        'x-ratelimit-reset-requests': goDuration(usage.requestsResetSeconds),
        'x-ratelimit-reset-tokens': goDuration(usage.tokensResetSeconds),
      };
    case 'cerebras':
      return {
        'x-ratelimit-limit-requests-day': usage.requests,
        'x-ratelimit-limit-tokens-minute': usage.tokens,
        'x-ratelimit-remaining-requests-day': usage.requestsLeft,
        'x-ratelimit-remaining-tokens-minute': usage.tokensLeft,
        'x-ratelimit-reset-requests-day': usage.requestsResetSeconds.toFixed(6),
        'x-ratelimit-reset-tokens-minute': usage.tokensResetSeconds.toFixed(6),
      };
    case 'together':
      return { 'x-ratelimit-reset': Math.ceil(usage.tokensResetSeconds) };
    case 'fireworks-ai':
      return {
        'x-ratelimit-limit-tokens-prompt': usage.tokens,
        'x-ratelimit-remaining-tokens-prompt': usage.tokensLeft,
        'x-ratelimit-limit-tokens-generated': usage.tokens,
        'x-ratelimit-remaining-tokens-generated': usage.tokensLeft,
        'x-ratelimit-over-limit': 'no',
      };
    default:
      return {};
  }
}

/** Go's format, such as `2m59.56s`. */
export function goDuration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const rest = `${Number((seconds % 60).toFixed(3))}s`;
  return hours > 0 ? `${hours}h${minutes}m${rest}` : minutes > 0 ? `${minutes}m${rest}` : rest;
}
