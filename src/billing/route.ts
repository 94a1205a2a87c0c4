import type { Servers } from '../hub/servers.ts';
import { directChat, directPath } from './directRoute.ts';
import { joinUrl } from './joinUrl.ts';
import { parseModelName } from './modelName.ts';
import { type BillingProfile, billToOf, formatProfile } from './profile.ts';
import { findProvider, providerName } from './providers.ts';
import type { ProviderUrls } from './providerUrls.ts';
import { RouteRefusal } from './routeRefusal.ts';

/** What a program asked the gateway for. Each `path` begins with `/` and holds the query. */
export type GatewayTarget =
  /** `/v1/…`, which the router serves. */
  | { readonly kind: 'router'; readonly path: string }
  /** `/router/<provider>/…`: a provider's own route; `path` is what follows the provider. */
  | { readonly kind: 'provider'; readonly provider: string; readonly path: string }
  /** `/hub/…`: `path` is what follows. Who asks anonymously is shown what everybody is. */
  | { readonly kind: 'hub'; readonly path: string; readonly isAnonymous?: boolean };

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
   * the list of models, where nobody is billed and the token's own limits count. `anonymous` without a token.
   */
  readonly billedTo: string;
  /** When the request goes to one provider for sure. */
  readonly provider?: string;
  /** The provider by whose id of the model `model` in the body is to be replaced. */
  readonly translate?: string;
}

/**
 * Where a request goes, and with whose money. Somebody else's `hf_…` token unlocks neither the developer's token nor
 * a key of theirs: it goes to Hugging Face, and at most to the organization that the profile names.
 * @throws RouteRefusal
 */
export function routeRequest(request: RouteRequest, context: BillingContext): Route {
  const { target, profile, ownToken } = request;
  if (target.kind === 'hub') return toHub(target, ownToken, context);
  if (profile.kind === 'provider-key' && ownToken === undefined && !isModelList(request)) {
    return target.kind === 'provider'
      ? directPath(target.provider, target.path, profile.provider, context)
      : directChat(target.path, request, profile.provider, context);
  }
  return toRouter(target, request, context);
}

function toHub(
  { path, isAnonymous }: Extract<GatewayTarget, { kind: 'hub' }>,
  ownToken: string | undefined,
  { token, servers }: BillingContext,
): Route {
  const where = joinUrl(servers.hubUrl, path);
  if (isAnonymous) return { ...where, headers: {}, billedTo: 'anonymous' };
  return {
    ...where,
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
  const provider = target.kind === 'provider' ? target.provider : parseModelName(model ?? '').provider;
  return {
    ...joinUrl(servers.routerUrl, path),
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
      'The path names no provider. Write it as /router/<provider>/ with the own route of the provider.',
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

function bearer(token: string | undefined): { authorization?: string } {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
