import type { Servers } from '../hub/servers.ts';
import type { BillingProfile } from './profile.ts';
import type { ProviderUrls } from './providerUrls.ts';

/** The gateway path of a request, parsed. Each `path` begins with `/` and includes the query. */
export type GatewayTarget =
  /** `/v1/…`: served by the router. */
  | { readonly kind: 'router'; readonly path: string }
  /** `/router/<provider>/…`: a provider's own route; `path` is the part behind the provider. */
  | { readonly kind: 'provider'; readonly provider: string; readonly path: string }
  /** `/hub/…`: `path` is the part behind `/hub`. `isAnonymous`: the request is sent without a token. */
  | { readonly kind: 'hub'; readonly path: string; readonly isAnonymous?: boolean };

/** The developer's credentials and the servers that they are for. */
export interface BillingContext {
  /** Hugging Face token. */
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
  /** The `hf_…` token that the caller sent in place of the gateway's key. */
  readonly ownToken?: string;
}

export interface Route {
  /** `https://host[:port]` */
  readonly origin: string;
  /** With the query. */
  readonly path: string;
  /** `authorization` and `x-hf-bill-to`. The caller's headers of these names are dropped, set here or not. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * `formatProfile` of the payer, or `own-token`, `own-token+<profile>` with a caller's token. `personal` for the Hub
   * and the list of models, which cost nothing and count against the token's limits. `anonymous` without a token.
   */
  readonly billedTo: string;
  /** Set when the request is sure to go to one provider. */
  readonly provider?: string;
  /** `model` in the body has to be replaced by this provider's id of it. */
  readonly translate?: string;
}

const statuses = {
  token_missing: 401,
  provider_key_missing: 401,
  provider_key_invalid: 401,
  provider_without_keys: 400,
  provider_unknown: 400,
  provider_not_routed: 400,
  profile_contradicted: 400,
  route_not_served: 400,
  no_chat_route: 400,
  model_missing: 400,
} as const;

/** The request can't be routed, so it is not sent. The message is English and ends with what to do. */
export class RouteRefusal extends Error {
  override readonly name = 'RouteRefusal';
  readonly status: 400 | 401;
  readonly code: keyof typeof statuses;
  constructor(code: keyof typeof statuses, message: string) {
    super(message);
    this.status = statuses[code];
    this.code = code;
  }
}

/** It goes to the provider itself, with the user's key. */
export function isDirect({ billedTo }: Pick<Route, 'billedTo'>): boolean {
  return billedTo.startsWith('key:');
}

/** @param base without a trailing slash, perhaps with a path of its own; `path` begins with `/` */
export function joinUrl(base: string, path: string): Pick<Route, 'origin' | 'path'> {
  const { origin, pathname } = new URL(base);
  return { origin, path: pathname === '/' ? path : pathname + path };
}
