/** An inference provider, as `@huggingface/inference` 4.13 calls it with a provider's key. */
export interface Provider {
  /** Hugging Face's id, as in `model:groq`. */
  readonly id: string;
  readonly name: string;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** OpenAI-compatible chat, behind `baseUrl`; undefined: none. */
  readonly chatPath?: string;
  /** A chat model, for a provider whose models Hugging Face does not list. */
  readonly chatModel?: string;
  /** The scheme of `Authorization`. */
  readonly scheme: AuthScheme;
  /** Environment variables of its SDK, or else LiteLLM's, in order of precedence. */
  readonly keyVariables: readonly string[];
  /** The page on which a user makes a key. */
  readonly keyPage?: string;
  /** A free GET behind `baseUrl` that takes the key as a bearer token; undefined: none is known. */
  readonly checkPath?: string;
  /** False: the router does not forward to it, and Hugging Face lists none of its models. */
  readonly routed: boolean;
  /** False for Hugging Face's own servers, which take its tokens only. */
  readonly takesKeys: boolean;
}

export type AuthScheme = 'Bearer' | 'Key';

function provider(
  id: string,
  name: string,
  baseUrl: string,
  more: Partial<Provider> & Pick<Provider, 'keyVariables'>,
): Provider {
  const usual = { scheme: 'Bearer', routed: true, takesKeys: true } as const;
  return { ...usual, id, name, baseUrl, ...more };
}

const v1 = { chatPath: '/v1/chat/completions', checkPath: '/v1/models' } as const;

/** As of 2026-08. Newer ids are valid too: nothing may fail because an id is missing here. */
export const providers: readonly Provider[] = [
  provider('baseten', 'Baseten', 'https://inference.baseten.co', {
    ...v1,
    keyVariables: ['BASETEN_API_KEY'],
  }),
  provider('cerebras', 'Cerebras', 'https://api.cerebras.ai', {
    ...v1,
    keyVariables: ['CEREBRAS_API_KEY'],
  }),
  provider('cohere', 'Cohere', 'https://api.cohere.com', {
    chatPath: '/compatibility/v1/chat/completions',
    checkPath: '/v1/models',
    keyVariables: ['CO_API_KEY', 'COHERE_API_KEY'],
    keyPage: 'https://dashboard.cohere.com/api-keys',
  }),
  provider('deepinfra', 'DeepInfra', 'https://api.deepinfra.com', {
    chatPath: '/v1/openai/chat/completions',
    checkPath: '/v1/openai/models',
    keyVariables: ['DEEPINFRA_API_KEY', 'DEEPINFRA_TOKEN'],
    keyPage: 'https://deepinfra.com/dash/api_keys',
  }),
  provider('fal-ai', 'fal', 'https://fal.run', {
    scheme: 'Key',
    keyVariables: ['FAL_KEY'],
    keyPage: 'https://fal.ai/dashboard/keys',
  }),
  provider('featherless-ai', 'Featherless AI', 'https://api.featherless.ai', {
    ...v1,
    keyVariables: ['FEATHERLESS_API_KEY'],
  }),
  provider('fireworks-ai', 'Fireworks AI', 'https://api.fireworks.ai', {
    chatPath: '/inference/v1/chat/completions',
    checkPath: '/inference/v1/models',
    keyVariables: ['FIREWORKS_API_KEY'],
    keyPage: 'https://fireworks.ai/account/api-keys',
  }),
  provider('groq', 'Groq', 'https://api.groq.com', {
    chatPath: '/openai/v1/chat/completions',
    checkPath: '/openai/v1/models',
    keyVariables: ['GROQ_API_KEY'],
    keyPage: 'https://console.groq.com/keys',
  }),
  provider('hf-inference', 'HF Inference', 'https://router.huggingface.co/hf-inference', {
    keyVariables: [],
    takesKeys: false,
  }),
  provider('novita', 'Novita', 'https://api.novita.ai', {
    chatPath: '/v3/openai/chat/completions',
    checkPath: '/v3/openai/models',
    keyVariables: ['NOVITA_API_KEY'],
    keyPage: 'https://novita.ai/settings/key-management',
  }),
  provider('nscale', 'Nscale', 'https://inference.api.nscale.com', {
    ...v1,
    keyVariables: ['NSCALE_API_KEY', 'NSCALE_SERVICE_TOKEN'],
  }),
  provider('openai', 'OpenAI', 'https://api.openai.com', {
    ...v1,
    keyVariables: ['OPENAI_API_KEY'],
    keyPage: 'https://platform.openai.com/api-keys',
    chatModel: 'gpt-4o-mini',
    routed: false,
  }),
  provider('ovhcloud', 'OVHcloud', 'https://oai.endpoints.kepler.ai.cloud.ovh.net', {
    ...v1,
    keyVariables: ['OVHCLOUD_API_KEY', 'OVH_AI_ENDPOINTS_ACCESS_TOKEN'],
  }),
  provider('publicai', 'Public AI', 'https://api.publicai.co', {
    ...v1,
    keyVariables: ['PUBLICAI_API_KEY'],
  }),
  provider('replicate', 'Replicate', 'https://api.replicate.com', {
    checkPath: '/v1/account',
    keyVariables: ['REPLICATE_API_TOKEN'],
    keyPage: 'https://replicate.com/account/api-tokens',
  }),
  provider('scaleway', 'Scaleway', 'https://api.scaleway.ai', {
    ...v1,
    keyVariables: ['SCW_SECRET_KEY', 'SCALEWAY_API_KEY'],
  }),
  provider('together', 'Together AI', 'https://api.together.xyz', {
    ...v1,
    keyVariables: ['TOGETHER_API_KEY'],
    keyPage: 'https://api.together.ai/settings/api-keys',
  }),
  provider('wavespeed', 'WaveSpeedAI', 'https://api.wavespeed.ai', {
    checkPath: '/api/v3/balance',
    keyVariables: ['WAVESPEED_API_KEY'],
  }),
  provider('zai-org', 'Z.ai', 'https://api.z.ai', {
    chatPath: '/api/paas/v4/chat/completions',
    checkPath: '/api/paas/v4/models',
    keyVariables: ['ZAI_API_KEY'],
  }),
];

const byId: ReadonlyMap<string, Provider> = new Map(providers.map(entry => [entry.id, entry]));

/** Undefined for an unknown provider. */
export function findProvider(id: string): Provider | undefined {
  return byId.get(id);
}

/** The id for an unknown provider. */
export function providerName(id: string): string {
  return findProvider(id)?.name ?? id;
}
