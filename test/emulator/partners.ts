import type { Exchange } from './exchange.ts';
import { limitsOf, windowKey } from './partnerLimits.ts';
import { type PartnerRefusal, refusal } from './partnerRefusals.ts';
import type { PartnerKey, ProviderState } from './state.ts';

/** Path of the chat route at each partner, as the SDKs call it behind `/{provider}`. */
export const chatRoutes: Readonly<Record<string, string>> = {
  baseten: 'v1/chat/completions',
  cerebras: 'v1/chat/completions',
  cohere: 'compatibility/v1/chat/completions',
  deepinfra: 'v1/openai/chat/completions',
  'featherless-ai': 'v1/chat/completions',
  'fireworks-ai': 'inference/v1/chat/completions',
  groq: 'openai/v1/chat/completions',
  novita: 'v3/openai/chat/completions',
  nscale: 'v1/chat/completions',
  openai: 'v1/chat/completions',
  ovhcloud: 'v1/chat/completions',
  publicai: 'v1/chat/completions',
  scaleway: 'v1/chat/completions',
  together: 'v1/chat/completions',
  'zai-org': 'api/paas/v4/chat/completions',
};

/** No partners of HF: the router forwards nothing to them, and no mapping lists what they serve. */
export const unrouted: readonly string[] = ['openai'];

/** HF's shared accounts at the partners, all willing; fal-ai and fireworks-ai can't be billed. */
export function providerDefaults(): Record<string, ProviderState> {
  const usual: ProviderState = {
    tokensPerMinute: 10_000_000,
    requestsPerDay: 10_000_000,
    refuseNext: 0,
    payAsYouGo: true,
    monthlyLimitReached: false,
    unanswered: false,
    keys: {},
  };
  const special: Record<string, Partial<ProviderState>> = {
    groq: { tokensPerMinute: 300_000, requestsPerDay: 500_000 },
    cerebras: { tokensPerMinute: 1_000_000, requestsPerDay: 1_440_000 },
    'fal-ai': { payAsYouGo: false },
    'fireworks-ai': { payAsYouGo: false },
  };
  const of = (id: string): ProviderState => ({ ...usual, ...special[id], keys: keysOf(id) });
  return Object.fromEntries([...partnerIds, 'hf-inference'].map(id => [id, of(id)]));
}

/** Every partner that has an API of its own; hf-inference is HF's. */
export const partnerIds: readonly string[] = [...Object.keys(chatRoutes), 'fal-ai', 'replicate', 'wavespeed'];

/** ada's own account at the partner, with a key that looks like no real one. */
export function adaKey(provider: string): string {
  return provider === 'groq' ? 'gsk-ada-emulated' : `${provider}-ada-emulated`;
}

function keysOf(provider: string): Record<string, PartnerKey> {
  if (!partnerIds.includes(provider)) return {};
  const own = { refuseNext: 0, balanceNanoUsd: 5_000_000_000 };
  const limits =
    provider === 'groq'
      ? { tokensPerMinute: 12_000, requestsPerDay: 14_400 }
      : { tokensPerMinute: 1_000_000, requestsPerDay: 100_000 };
  return { [adaKey(provider)]: { ...own, ...limits } };
}

/** Counts the call in the partner's limits. The refusal when one is reached, or when one was asked for. */
export function askPartner(
  { world, reply }: Pick<Exchange, 'world' | 'reply'>,
  provider: string,
  model: string,
  tokens: number,
  key?: string,
): PartnerRefusal | undefined {
  const partner = limitsOf(world, provider, key);
  if (!partner) return undefined;
  const now = world.clock.now();
  if (partner.refuseNext > 0) {
    partner.refuseNext -= 1;
    return refusal(world, provider, model, tokens, partner.refusal, key);
  }
  const inFlightKey = windowKey(provider, 'in flight', key);
  if (partner.mostInFlight !== undefined) {
    if (!world.inFlight.enter(inFlightKey, partner.mostInFlight)) {
      return refusal(world, provider, model, tokens, 'concurrency', key);
    }
    reply.onClose(() => world.inFlight.leave(inFlightKey));
  }
  const requestsKey = windowKey(provider, 'requests', key);
  if (!world.windows.take(requestsKey, partner.requestsPerDay, now, 1, 86_400)) {
    return refusal(world, provider, model, tokens, 'requests', key);
  }
  const tokensKey = windowKey(provider, 'tokens', key);
  if (!world.windows.take(tokensKey, partner.tokensPerMinute, now, tokens, partner.minuteSeconds ?? 60)) {
    return refusal(world, provider, model, tokens, 'tokens', key);
  }
  return undefined;
}
