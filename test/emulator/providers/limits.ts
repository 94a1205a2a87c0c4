import type { ProviderLimits } from '../state.ts';
import type { World } from '../world.ts';

const daySeconds = 86_400;
const noLimits: ProviderLimits = { tokensPerMinute: 0, requestsPerDay: 0, refuseNext: 0 };

/** Limits of the key's account at the provider; without a key, of HF's account there. */
export function limitsOf(world: World, provider: string, key?: string): ProviderLimits | undefined {
  const state = world.state.providers[provider];
  return key === undefined ? state : state?.keys[key];
}

/** Fill level of the two windows: tokens per minute and requests per day. */
export function providerUsage(world: World, provider: string, key?: string) {
  const now = world.clock.now();
  const { tokensPerMinute, requestsPerDay, minuteSeconds = 60 } = limitsOf(world, provider, key) ?? noLimits;
  const used = (what: CountedUnit, seconds: number) =>
    world.windows.used(countKey(provider, what, key), now, seconds);
  const usedTokens = used('tokens', minuteSeconds);
  return {
    tokens: tokensPerMinute,
    requests: requestsPerDay,
    usedTokens,
    tokensLeft: Math.max(0, tokensPerMinute - usedTokens),
    requestsLeft: Math.max(0, requestsPerDay - used('requests', daySeconds)),
    tokensResetSeconds: world.windows.msToReset(now, minuteSeconds) / 1000,
    requestsResetSeconds: world.windows.msToReset(now, daySeconds) / 1000,
  };
}

type CountedUnit = 'tokens' | 'requests' | 'in flight';

/** HF's account and each key are counted apart. */
function countKey(provider: string, what: CountedUnit, key?: string): string {
  return `provider|${provider}|${key === undefined ? '' : `${key}|`}${what}`;
}

/** Counts a request in the provider's limits. Returns the limit that is reached, if any. */
export function countInLimits(
  world: World,
  onClose: (listener: () => void) => void,
  provider: string,
  tokens: number,
  key?: string,
): 'concurrency' | 'requests' | 'tokens' | undefined {
  const limits = limitsOf(world, provider, key);
  if (!limits) return undefined;
  const now = world.clock.now();
  const { mostInFlight, requestsPerDay, tokensPerMinute, minuteSeconds = 60 } = limits;
  if (mostInFlight !== undefined) {
    const inFlight = countKey(provider, 'in flight', key);
    if (!world.inFlight.enter(inFlight, mostInFlight)) return 'concurrency';
    onClose(() => world.inFlight.leave(inFlight));
  }
  const take = (what: CountedUnit, limit: number, amount: number, seconds: number) =>
    world.windows.take(countKey(provider, what, key), limit, now, amount, seconds);
  if (!take('requests', requestsPerDay, 1, daySeconds)) return 'requests';
  if (!take('tokens', tokensPerMinute, tokens, minuteSeconds)) return 'tokens';
  return undefined;
}
