import { adaKey, providerIds } from './providers.ts';
import type { ProviderKey, ProviderState } from './state.ts';

const usual: Omit<ProviderState, 'keys'> = {
  tokensPerMinute: 10_000_000,
  requestsPerDay: 10_000_000,
  refuseNext: 0,
  payAsYouGo: true,
  monthlyLimitReached: false,
  unanswered: false,
};

const special: Readonly<Record<string, Partial<ProviderState>>> = {
  groq: { tokensPerMinute: 300_000, requestsPerDay: 500_000 },
  cerebras: { tokensPerMinute: 1_000_000, requestsPerDay: 1_440_000 },
  'fal-ai': { payAsYouGo: false },
  'fireworks-ai': { payAsYouGo: false },
};

/** HF's account at each provider, and ada's own with her key. */
export function providerStates(): Record<string, ProviderState> {
  return Object.fromEntries(
    [...providerIds, 'hf-inference'].map(id => [id, { ...usual, ...special[id], keys: keysOf(id) }]),
  );
}

function keysOf(provider: string): Record<string, ProviderKey> {
  if (!providerIds.includes(provider)) return {};
  const own = { refuseNext: 0, balanceNanoUsd: 5_000_000_000 };
  const limits =
    provider === 'groq'
      ? { tokensPerMinute: 12_000, requestsPerDay: 14_400 }
      : { tokensPerMinute: 1_000_000, requestsPerDay: 100_000 };
  return { [adaKey(provider)]: { ...own, ...limits } };
}
