import { type HeaderBag, headerValue } from './headers.ts';

/** Hosts of direct calls, ids as in @huggingface/inference 4.13. */
const providerHosts: ReadonlyMap<string, string> = new Map([
  ['inference.baseten.co', 'baseten'],
  ['api.cerebras.ai', 'cerebras'],
  ['api.cohere.com', 'cohere'],
  ['api.deepinfra.com', 'deepinfra'],
  ['fal.run', 'fal-ai'],
  ['queue.fal.run', 'fal-ai'],
  ['api.featherless.ai', 'featherless-ai'],
  ['api.fireworks.ai', 'fireworks-ai'],
  ['api.groq.com', 'groq'],
  ['api.novita.ai', 'novita'],
  ['inference.api.nscale.com', 'nscale'],
  ['api.openai.com', 'openai'],
  ['oai.endpoints.kepler.ai.cloud.ovh.net', 'ovhcloud'],
  ['api.publicai.co', 'publicai'],
  ['api.replicate.com', 'replicate'],
  ['api.scaleway.ai', 'scaleway'],
  ['api.together.xyz', 'together'],
  ['api.together.ai', 'together'],
  ['api.wavespeed.ai', 'wavespeed'],
  ['api.z.ai', 'zai-org'],
]);
const policies = new Set(['fastest', 'cheapest', 'preferred']);

/** Who spoke: `huggingface`, a provider's id, or undefined when nothing tells. */
export function answeredBy(response: {
  readonly headers: HeaderBag;
  readonly url: string;
  readonly model?: string;
}): string | undefined {
  const named = headerValue(response.headers, 'x-inference-provider');
  if (named) return named;
  const url = URL.canParse(response.url) ? new URL(response.url) : undefined;
  return (
    providerHosts.get(url?.hostname ?? '') ??
    pinnedProvider(response.model) ??
    (url && routedProvider(url)) ??
    (url && isHuggingFace(url.hostname) ? 'huggingface' : undefined) ??
    (headerValue(response.headers, 'ratelimit') === undefined ? undefined : 'huggingface')
  );
}

/** `model:groq` pins a provider, `model:fastest` does not. */
function pinnedProvider(model: string | undefined): string | undefined {
  const suffix = /:([\w-]+)$/.exec(model ?? '')?.[1];
  return suffix === undefined || policies.has(suffix) ? undefined : suffix;
}

/** `/groq/openai/v1/…` is passed through to the provider, `/v1/…` is the router's own. */
function routedProvider(url: URL): string | undefined {
  if (url.hostname !== 'router.huggingface.co') return undefined;
  const segment = url.pathname.split('/')[1];
  return segment === undefined || segment === '' || segment === 'v1' ? undefined : segment;
}

function isHuggingFace(host: string): boolean {
  return /(^|\.)(huggingface\.co|hf\.co)$/.test(host) || host === 'api.endpoints.huggingface.cloud';
}
