import { type PartnerRefusal, refusal } from './partnerRefusals.ts';
import type { ProviderState } from './state.ts';
import type { World } from './world.ts';

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
  ovhcloud: 'v1/chat/completions',
  publicai: 'v1/chat/completions',
  scaleway: 'v1/chat/completions',
  together: 'v1/chat/completions',
  'zai-org': 'api/paas/v4/chat/completions',
};

/** HF's shared accounts at the partners, all willing; fal-ai and fireworks-ai can't be billed. */
export function providerDefaults(): Record<string, ProviderState> {
  const usual: ProviderState = {
    tokensPerMinute: 10_000_000,
    requestsPerDay: 10_000_000,
    refuseNext: 0,
    payAsYouGo: true,
    monthlyLimitReached: false,
    unanswered: false,
  };
  const ids = [...Object.keys(chatRoutes), 'hf-inference', 'fal-ai', 'replicate', 'wavespeed'];
  return {
    ...Object.fromEntries(ids.map(id => [id, { ...usual }])),
    groq: { ...usual, tokensPerMinute: 300_000, requestsPerDay: 500_000 },
    cerebras: { ...usual, tokensPerMinute: 1_000_000, requestsPerDay: 1_440_000 },
    'fal-ai': { ...usual, payAsYouGo: false },
    'fireworks-ai': { ...usual, payAsYouGo: false },
  };
}

/** Counts the call in the partner's windows. The refusal when one is full, or when one was asked for. */
export function askPartner(
  world: World,
  provider: string,
  model: string,
  tokens: number,
): PartnerRefusal | undefined {
  const partner = world.state.providers[provider];
  if (!partner) return undefined;
  const now = world.clock.now();
  if (partner.refuseNext > 0) {
    partner.refuseNext -= 1;
    return refusal(world, provider, model, tokens, partner.refusal);
  }
  if (!world.windows.take(`partner|${provider}|requests`, partner.requestsPerDay, now, 1, 86_400)) {
    return refusal(world, provider, model, tokens, 'requests');
  }
  if (!world.windows.take(`partner|${provider}|tokens`, partner.tokensPerMinute, now, tokens, 60)) {
    return refusal(world, provider, model, tokens, 'tokens');
  }
  return undefined;
}
