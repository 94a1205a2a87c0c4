import type { Servers } from '../hub/servers.ts';
import { parseModelName } from './modelName.ts';
import { type BillingProfile, billToOf, formatProfile } from './profile.ts';
import { isProviderKey } from './providerKey.ts';
import { type AuthScheme, findProvider, providerName } from './providers.ts';
import type { ProviderUrls } from './providerUrls.ts';

/** What a program asked the gateway for. Each `path` begins with `/` and holds the query. */
export type GatewayTarget =
  /** `/v1/…`, which the router serves. */
  | { readonly kind: 'router'; readonly path: string }
  /** `/router/<provider>/…`: a provider's own route; `path` is what follows the provider. */
  | { readonly kind: 'provider'; readonly provider: string; readonly path: string }
  /** `/hub/…`: `path` is what follows. */
  | { readonly kind: 'hub'; readonly path: string };

/** What the developer has to pay and to sign in with. */
export interface BillingContext {
  /** Of Hugging Face. */
  readonly token?: string;
  /** By provider. */
  readonly keys: Readonly<Record<string, string>>;
  readonly servers: Servers;
  readonly providerUrls: ProviderUrls;
}

export interface RouteRequest {
  readonly target: GatewayTarget;
  readonly method: string;
  readonly profile: BillingProfile;
  /** As in the body, with its suffix. */
  readonly model?: string;
  /** The caller's own `hf_…` token, which it sent in place of the gateway's key. */
  readonly ownToken?: string;
}

export interface Route {
  /** `https://host[:port]` */
  readonly origin: string;
  /** With the query. */
  readonly path: string;
  /** `authorization` and `x-hf-bill-to`: what the caller sent under these names is dropped, whether set here or not. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The profile's text, or `own-token`, with the profile that it is billed to behind a `+`. `personal` for the Hub and
   * the list of models, where nobody is billed and the token's own limits count.
   */
  readonly billedTo: string;
  /** When the request goes to one provider for sure. */
  readonly provider?: string;
  /** The provider by whose id of the model `model` in the body is to be replaced. */
  readonly translate?: string;
}

/** Machine words: what is wrong with a request that goes nowhere. */
export type RouteRefusalCode =
  | 'token_missing'
  | 'provider_key_missing'
  | 'provider_key_invalid'
  | 'provider_without_keys'
  | 'provider_unknown'
  | 'provider_not_routed'
  | 'profile_contradicted'
  | 'route_not_served'
  | 'no_chat_route'
  | 'model_missing';

/** A request that goes nowhere. The message is English and ends with what to do. */
export class RouteRefusal extends Error {
  override readonly name = 'RouteRefusal';
  readonly status: 400 | 401;
  readonly code: RouteRefusalCode;
  constructor(status: 400 | 401, code: RouteRefusalCode, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * Where a request goes, and with whose money. Somebody else's `hf_…` token unlocks neither the developer's token nor
 * a key of theirs: it goes to Hugging Face, and at most to the organization that the profile names.
 * @throws RouteRefusal
 */
export function routeRequest(request: RouteRequest, context: BillingContext): Route {
  const { target, profile, ownToken } = request;
  if (target.kind === 'hub') return toHub(target.path, ownToken, context);
  if (profile.kind === 'provider-key' && ownToken === undefined && !isModelList(request)) {
    return target.kind === 'provider'
      ? toProviderRoute(target.provider, target.path, profile.provider, context)
      : toProviderChat(target.path, request, profile.provider, context);
  }
  return toRouter(target, request, context);
}

function toHub(path: string, ownToken: string | undefined, { token, servers }: BillingContext): Route {
  return {
    ...join(servers.hubUrl, path),
    headers: bearer(ownToken ?? token),
    billedTo: ownToken === undefined ? 'personal' : 'own-token',
  };
}

function toRouter(
  target: Exclude<GatewayTarget, { kind: 'hub' }>,
  request: RouteRequest,
  { token: developers, servers }: BillingContext,
): Route {
  const { profile, ownToken, model } = request;
  const token = ownToken ?? developers;
  const list = isModelList(request);
  if (target.kind === 'provider') checkRouted(target.provider);
  if (token === undefined && !list) {
    throw new RouteRefusal(
      401,
      'token_missing',
      'Headroom has no token of Hugging Face to send this request with. Sign in with Headroom in VS Code, or set HF_TOKEN.',
    );
  }
  // The list costs nothing, and a wrong header would have even that refused.
  const billTo = list ? undefined : billToOf(profile);
  const payer = profile.kind === 'provider-key' || list ? 'personal' : formatProfile(profile);
  const path = target.kind === 'provider' ? `/${target.provider}${target.path}` : target.path;
  const provider = target.kind === 'provider' ? target.provider : model && parseModelName(model).provider;
  return {
    ...join(servers.routerUrl, path),
    headers: { ...bearer(token), ...(billTo !== undefined && { 'x-hf-bill-to': billTo }) },
    billedTo: ownToken === undefined ? payer : payer === 'personal' ? 'own-token' : `own-token+${payer}`,
    ...(provider !== undefined && { provider }),
  };
}

/** The list of models is read from the router whoever pays: it costs nothing and needs no token. */
function isModelList({ target, method }: RouteRequest): boolean {
  return (
    target.kind === 'router' &&
    (method === 'GET' || method === 'HEAD') &&
    /^\/v1\/models(?:[/?]|$)/.test(target.path)
  );
}

function checkRouted(provider: string): void {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(provider)) {
    throw new RouteRefusal(
      400,
      'provider_unknown',
      'The path names no provider. It has the form /router/<provider>/<the provider's own route>: correct it.',
    );
  }
  if (findProvider(provider)?.routed === false) {
    throw new RouteRefusal(
      400,
      'provider_not_routed',
      `Hugging Face does not forward requests to ${providerName(provider)}. Use a key of your own: choose it with "Headroom: Switch Billing".`,
    );
  }
}

function toProviderRoute(asked: string, path: string, provider: string, context: BillingContext): Route {
  if (asked !== provider) throw contradicted(asked, provider);
  return withKey(path, directProvider(provider, context), context);
}

/** The same chat as at the router, with the developer's own key. */
function toProviderChat(
  path: string,
  { method, model }: RouteRequest,
  provider: string,
  context: BillingContext,
): Route {
  const name = providerName(provider);
  const [route, query] = cut(path, '?');
  if (method !== 'POST' || route !== '/v1/chat/completions') {
    throw new RouteRefusal(
      400,
      'route_not_served',
      `With a key of ${name} only /v1/chat/completions and /v1/models are served here. Send this to /router/${provider}/ with ${name}'s own path, or switch billing to Hugging Face.`,
    );
  }
  if (model === undefined) {
    throw new RouteRefusal(
      400,
      'model_missing',
      `The request names no model that could be translated for ${name}. Put "model" with a text into the JSON body.`,
    );
  }
  const pinned = parseModelName(model).provider;
  if (pinned !== undefined && pinned !== provider) throw contradicted(pinned, provider);
  const direct = directProvider(provider, context);
  if (direct.chatPath === undefined) {
    throw new RouteRefusal(
      400,
      'no_chat_route',
      `Headroom knows no chat route at ${name}. Send the request to /router/${provider}/ with ${name}'s own path, or switch billing.`,
    );
  }
  return { ...withKey(direct.chatPath + query, direct, context), translate: provider };
}

interface DirectProvider {
  readonly id: string;
  readonly baseUrl: string;
  readonly scheme: AuthScheme;
  readonly chatPath?: string;
}

/** A provider that takes keys, at its own URL or the configured one. */
function directProvider(id: string, { providerUrls }: BillingContext): DirectProvider {
  const entry = findProvider(id);
  if (entry?.takesKeys === false) {
    throw new RouteRefusal(
      400,
      'provider_without_keys',
      `${entry.name} belongs to Hugging Face and takes no key of its own. Switch billing to Hugging Face.`,
    );
  }
  const baseUrl = own(providerUrls, id) ?? entry?.baseUrl;
  if (baseUrl === undefined) {
    throw new RouteRefusal(
      400,
      'provider_unknown',
      `This version of Headroom does not know where ${id} is. Set its URL in headroom.providerUrls, or switch billing.`,
    );
  }
  return { id, baseUrl, scheme: entry?.scheme ?? 'Bearer', chatPath: entry?.chatPath };
}

function withKey(path: string, direct: DirectProvider, { keys }: BillingContext): Route {
  const { id, baseUrl, scheme } = direct;
  return {
    ...join(...subdomain(id, baseUrl, path)),
    headers: { authorization: `${scheme} ${checkKey(id, own(keys, id))}` },
    billedTo: formatProfile({ kind: 'provider-key', provider: id }),
    provider: id,
  };
}

function checkKey(provider: string, key: string | undefined): string {
  const name = providerName(provider);
  if (!key) {
    throw new RouteRefusal(
      401,
      'provider_key_missing',
      `There is no key of ${name}. Store one with "Headroom: Manage Provider Keys", or set its environment variable, or switch billing.`,
    );
  }
  if (!isProviderKey(key)) {
    throw new RouteRefusal(
      401,
      'provider_key_invalid',
      `What is stored as the key of ${name} is none: keys do not begin with hf_. Store it anew with "Headroom: Manage Provider Keys".`,
    );
  }
  return key;
}

/** Names come out of requests: `constructor` is no provider. */
function own(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function contradicted(asked: string, provider: string): RouteRefusal {
  const name = providerName(provider);
  return new RouteRefusal(
    400,
    'profile_contradicted',
    `The request names the provider ${asked.slice(0, 60)}, but billing is set to your key of ${name}. Leave the provider out, or switch billing.`,
  );
}

const falQueue = '_subdomain=queue';

/** HF's clients reach fal's queue through the router by a parameter; directly it has a host of its own. */
function subdomain(provider: string, base: string, path: string): [base: string, path: string] {
  const [route, query] = cut(path, '?');
  const parameters = query.slice(1).split('&');
  if (provider !== 'fal-ai' || !parameters.includes(falQueue)) return [base, path];
  const rest = parameters.filter(parameter => parameter !== falQueue).join('&');
  return [base.replace('https://fal.run', 'https://queue.fal.run'), rest ? `${route}?${rest}` : route];
}

/** What precedes the mark, and the rest with it. */
function cut(text: string, mark: string): [before: string, rest: string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)];
}

function join(base: string, path: string): Pick<Route, 'origin' | 'path'> {
  const { origin, pathname } = new URL(base);
  return { origin, path: pathname === '/' ? path : pathname + path };
}

function bearer(token: string | undefined): { authorization?: string } {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
