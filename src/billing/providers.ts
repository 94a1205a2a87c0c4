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
  readonly scheme: 'Bearer' | 'Key';
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

function provider(
  id: string,
  name: string,
  baseUrl: string,
  keyVariables: readonly string[],
  more: Partial<Provider>,
): Provider {
  return { scheme: 'Bearer', routed: true, takesKeys: true, id, name, baseUrl, keyVariables, ...more };
}

/** The paths of an OpenAI-compatible API. */
function openAi(path: string): Pick<Provider, 'chatPath' | 'checkPath'> {
  return { chatPath: `${path}/chat/completions`, checkPath: `${path}/models` };
}

/** As of 2026-08. Newer ids are valid too: nothing may fail because an id is missing here. */
export const providers: readonly Provider[] = [
  provider('baseten', 'Baseten', 'https://inference.baseten.co', ['BASETEN_API_KEY'], openAi('/v1')),
  provider('cerebras', 'Cerebras', 'https://api.cerebras.ai', ['CEREBRAS_API_KEY'], openAi('/v1')),
  provider('cohere', 'Cohere', 'https://api.cohere.com', ['CO_API_KEY', 'COHERE_API_KEY'], {
    chatPath: '/compatibility/v1/chat/completions',
    checkPath: '/v1/models',
    keyPage: 'https://dashboard.cohere.com/api-keys',
  }),
  provider('deepinfra', 'DeepInfra', 'https://api.deepinfra.com', ['DEEPINFRA_API_KEY', 'DEEPINFRA_TOKEN'], {
    ...openAi('/v1/openai'),
    keyPage: 'https://deepinfra.com/dash/api_keys',
  }),
  provider('fal-ai', 'fal', 'https://fal.run', ['FAL_KEY'], {
    scheme: 'Key',
    keyPage: 'https://fal.ai/dashboard/keys',
  }),
  provider(
    'featherless-ai',
    'Featherless AI',
    'https://api.featherless.ai',
    ['FEATHERLESS_API_KEY'],
    openAi('/v1'),
  ),
  provider('fireworks-ai', 'Fireworks AI', 'https://api.fireworks.ai', ['FIREWORKS_API_KEY'], {
    ...openAi('/inference/v1'),
    keyPage: 'https://fireworks.ai/account/api-keys',
  }),
  provider('groq', 'Groq', 'https://api.groq.com', ['GROQ_API_KEY'], {
    ...openAi('/openai/v1'),
    keyPage: 'https://console.groq.com/keys',
  }),
  provider('hf-inference', 'HF Inference', 'https://router.huggingface.co/hf-inference', [], {
    takesKeys: false,
  }),
  provider('novita', 'Novita', 'https://api.novita.ai', ['NOVITA_API_KEY'], {
    ...openAi('/v3/openai'),
    keyPage: 'https://novita.ai/settings/key-management',
  }),
  provider(
    'nscale',
    'Nscale',
    'https://inference.api.nscale.com',
    ['NSCALE_API_KEY', 'NSCALE_SERVICE_TOKEN'],
    openAi('/v1'),
  ),
  provider('openai', 'OpenAI', 'https://api.openai.com', ['OPENAI_API_KEY'], {
    ...openAi('/v1'),
    keyPage: 'https://platform.openai.com/api-keys',
    chatModel: 'gpt-4o-mini',
    routed: false,
  }),
  provider(
    'ovhcloud',
    'OVHcloud',
    'https://oai.endpoints.kepler.ai.cloud.ovh.net',
    ['OVHCLOUD_API_KEY', 'OVH_AI_ENDPOINTS_ACCESS_TOKEN'],
    openAi('/v1'),
  ),
  provider('publicai', 'Public AI', 'https://api.publicai.co', ['PUBLICAI_API_KEY'], openAi('/v1')),
  provider('replicate', 'Replicate', 'https://api.replicate.com', ['REPLICATE_API_TOKEN'], {
    checkPath: '/v1/account',
    keyPage: 'https://replicate.com/account/api-tokens',
  }),
  provider(
    'scaleway',
    'Scaleway',
    'https://api.scaleway.ai',
    ['SCW_SECRET_KEY', 'SCALEWAY_API_KEY'],
    openAi('/v1'),
  ),
  provider('together', 'Together AI', 'https://api.together.xyz', ['TOGETHER_API_KEY'], {
    ...openAi('/v1'),
    keyPage: 'https://api.together.ai/settings/api-keys',
  }),
  provider('wavespeed', 'WaveSpeedAI', 'https://api.wavespeed.ai', ['WAVESPEED_API_KEY'], {
    checkPath: '/api/v3/balance',
  }),
  provider('zai-org', 'Z.ai', 'https://api.z.ai', ['ZAI_API_KEY'], openAi('/api/paas/v4')),
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
