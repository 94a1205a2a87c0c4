import { parseModelName } from './modelName.ts';
import { formatProfile } from './profile.ts';
import { isProviderKey } from './providerKey.ts';
import { findProvider, type Provider, providerName } from './providers.ts';
import { type BillingContext, joinUrl, type Route, RouteRefusal, type RouteRequest } from './route.ts';

/**
 * To the provider's own route, with the developer's key.
 * @param named the provider in the request's path
 * @throws RouteRefusal
 */
export function directPath(named: string, path: string, provider: string, context: BillingContext): Route {
  if (named !== provider) throw contradicted(named, provider);
  return withKey(path, directProvider(provider, context), context);
}

/**
 * To the provider's chat route in place of the router's, with the developer's key.
 * @throws RouteRefusal
 */
export function directChat(
  path: string,
  { method, model }: RouteRequest,
  provider: string,
  context: BillingContext,
): Route {
  const name = providerName(provider);
  const [route, query] = cutQuery(path);
  if (method !== 'POST' || route !== '/v1/chat/completions') {
    throw new RouteRefusal(
      'route_not_served',
      `With a key of ${name}, only /v1/chat/completions and /v1/models are served here. Send this to /router/${provider}/ with ${name}'s own path, or switch billing to Hugging Face.`,
    );
  }
  if (model === undefined) {
    throw new RouteRefusal(
      'model_missing',
      `The request names no model. ${name} needs one: set "model" in the JSON body.`,
    );
  }
  const pinned = parseModelName(model).provider;
  if (pinned !== undefined && pinned !== provider) throw contradicted(pinned, provider);
  const direct = directProvider(provider, context);
  if (direct.chatPath === undefined) {
    throw new RouteRefusal(
      'no_chat_route',
      `Headroom knows no chat route at ${name}. Send the request to /router/${provider}/ with ${name}'s own path, or switch billing.`,
    );
  }
  return { ...withKey(direct.chatPath + query, direct, context), translate: provider };
}

type DirectProvider = Pick<Provider, 'id' | 'baseUrl' | 'scheme' | 'chatPath'>;

/** A provider that takes keys, at the configured URL or else its own. */
function directProvider(id: string, { providerUrls }: BillingContext): DirectProvider {
  const entry = findProvider(id);
  if (entry?.takesKeys === false) {
    throw new RouteRefusal(
      'provider_without_keys',
      `${entry.name} belongs to Hugging Face and takes no provider key. Switch billing to Hugging Face.`,
    );
  }
  const baseUrl = own(providerUrls, id) ?? entry?.baseUrl;
  if (baseUrl === undefined) {
    throw new RouteRefusal(
      'provider_unknown',
      `This version of Headroom does not know the URL of ${id}. Set it in headroom.providerUrls, or switch billing.`,
    );
  }
  return { id, baseUrl, scheme: entry?.scheme ?? 'Bearer', chatPath: entry?.chatPath };
}

function withKey(path: string, direct: DirectProvider, { keys }: BillingContext): Route {
  const { id, baseUrl, scheme } = direct;
  return {
    ...joinUrl(...subdomain(id, baseUrl, path)),
    headers: { authorization: `${scheme} ${checkKey(id, own(keys, id))}` },
    billedTo: formatProfile({ kind: 'provider-key', provider: id }),
    provider: id,
  };
}

function checkKey(provider: string, key: string | undefined): string {
  const name = providerName(provider);
  if (!key) {
    throw new RouteRefusal(
      'provider_key_missing',
      `There is no key of ${name}. Store one with "Headroom: Manage Provider Keys", or set its environment variable, or switch billing.`,
    );
  }
  if (!isProviderKey(key)) {
    throw new RouteRefusal(
      'provider_key_invalid',
      `The stored key of ${name} is not a provider key: those do not begin with hf_. Store another one with "Headroom: Manage Provider Keys".`,
    );
  }
  return key;
}

/** `name` comes from a request: `constructor` must not find Object's own. */
function own(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function contradicted(named: string, provider: string): RouteRefusal {
  const name = providerName(provider);
  return new RouteRefusal(
    'profile_contradicted',
    `The request names the provider ${named.slice(0, 60)}, but billing is set to your key of ${name}. Leave the provider out, or switch billing.`,
  );
}

const falQueue = '_subdomain=queue';

/** fal's queue: HF's clients ask the router for it by a parameter, fal itself has a host for it. */
function subdomain(provider: string, base: string, path: string): [base: string, path: string] {
  const [route, query] = cutQuery(path);
  const parameters = query.slice(1).split('&');
  if (provider !== 'fal-ai' || !parameters.includes(falQueue)) return [base, path];
  const rest = parameters.filter(parameter => parameter !== falQueue).join('&');
  return [base.replace('https://fal.run', 'https://queue.fal.run'), rest ? `${route}?${rest}` : route];
}

function cutQuery(path: string): [route: string, query: string] {
  const at = path.indexOf('?');
  return at < 0 ? [path, ''] : [path.slice(0, at), path.slice(at)];
}
