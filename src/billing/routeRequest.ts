import { directChat, directPath } from './directRoute.ts';
import { parseModelName } from './modelName.ts';
import { billToOf, formatProfile } from './profile.ts';
import { findProvider, providerName } from './providers.ts';
import {
  type BillingContext,
  type GatewayTarget,
  joinUrl,
  type Route,
  RouteRefusal,
  type RouteRequest,
} from './route.ts';

/**
 * The URL of a request and the headers that say who pays. A caller's own `hf_…` token never gives access to the
 * developer's token or keys: such a request goes to Hugging Face, billed at most to the profile's organization.
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
  const url = joinUrl(servers.hubUrl, path);
  if (isAnonymous) return { ...url, headers: {}, billedTo: 'anonymous' };
  const billedTo = ownToken === undefined ? 'personal' : 'own-token';
  return { ...url, headers: bearer(ownToken ?? token), billedTo };
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
      'token_missing',
      'Headroom has no token of Hugging Face to send this request with. Sign in with Headroom in VS Code, or set HF_TOKEN.',
    );
  }
  // The list is free, and HF refuses even that for an organization that can't be billed.
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

/** The router serves the list of models for every profile: it is free and needs no token. */
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
      'provider_unknown',
      "The path names no provider. Write it as /router/<provider>/, followed by the provider's own path.",
    );
  }
  if (findProvider(provider)?.routed === false) {
    throw new RouteRefusal(
      'provider_not_routed',
      `Hugging Face does not forward requests to ${providerName(provider)}. Use your own key: choose it with "Headroom: Switch Billing".`,
    );
  }
}

function bearer(token: string | undefined): { authorization?: string } {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
