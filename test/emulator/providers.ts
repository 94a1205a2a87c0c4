/** Path of the chat route at each provider, as the SDKs call it below `/{provider}`. */
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

/** Providers that the router does not route to (`clientSideRoutingOnly`) and whose models HF does not list. */
export const unrouted: readonly string[] = ['openai'];

/** Every provider with an API of its own; hf-inference is HF's. */
export const providerIds: readonly string[] = [
  ...Object.keys(chatRoutes),
  'fal-ai',
  'replicate',
  'wavespeed',
];

/** ada's key at the provider; no real key looks like it. */
export function adaKey(provider: string): string {
  return provider === 'groq' ? 'gsk-ada-emulated' : `${provider}-ada-emulated`;
}
