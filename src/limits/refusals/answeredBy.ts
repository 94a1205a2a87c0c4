import { type HeaderBag, headerValue } from '../headers/headers.ts';
import type { Address } from './requestAddress.ts';
import { providerId } from './serverToken.ts';

/** The management API of Inference Endpoints. */
export const endpointsHost = 'api.endpoints.huggingface.cloud';

/** The management API, or an endpoint's own address below it. */
export function isOfEndpoints({ host }: Address): boolean {
  return /(?:^|\.)endpoints\.huggingface\.cloud$/.test(host);
}

/** `acme/chat-eu` of a change, the endpoint's own host of a request to it. */
export function endpointIn({ host, path }: Address): string | undefined {
  if (host !== endpointsHost) return host;
  const [, namespace, name] = /^\/v2\/endpoint\/([^/]+)\/([^/]+)/.exec(path) ?? [];
  return namespace && name && `${namespace}/${name}`;
}

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

/** The server that answered: `huggingface` or a provider's id; undefined: not known. */
export function answeredBy(headers: HeaderBag, address: Address, model?: string): string | undefined {
  const { host } = address;
  return (
    named(headers) ??
    providerHosts.get(host) ??
    pinnedProvider(model) ??
    routedProvider(address) ??
    (isHuggingFace(host) || headerValue(headers, 'ratelimit') !== undefined ? 'huggingface' : undefined)
  );
}

/**
 * The partner that served a routed response, as the router says; HF's own answers name none. `unknown` for a name that
 * is no id.
 */
export function partnerIn(headers: HeaderBag): string | undefined {
  const provider = headerValue(headers, 'x-inference-provider');
  if (provider === undefined || provider === 'hf-inference') return undefined;
  return providerId(provider) ?? 'unknown';
}

function named(headers: HeaderBag): string | undefined {
  const provider = headerValue(headers, 'x-inference-provider');
  return provider === undefined ? undefined : providerId(provider);
}

/** `model:groq` pins a provider, `model:fastest` does not. */
function pinnedProvider(model: string | undefined): string | undefined {
  const suffix = /:([\w-]{1,60})$/.exec(model ?? '')?.[1];
  return suffix === undefined || policies.has(suffix) ? undefined : providerId(suffix);
}

/** The router passes `/groq/openai/v1/…` through to the provider; `/v1/…` is its own API. */
function routedProvider({ host, path }: Address): string | undefined {
  if (host !== 'router.huggingface.co') return undefined;
  const segment = path.split('/', 2)[1] ?? '';
  return segment === 'v1' ? undefined : providerId(segment);
}

function isHuggingFace(host: string): boolean {
  return host === endpointsHost || /(?:^|\.)(?:huggingface\.co|hf\.co|hf\.space)$/.test(host);
}
