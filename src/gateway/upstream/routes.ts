import { type BillingProfile, formatProfile } from '../../billing/profile.ts';
import type { GatewayTarget, Route } from '../../billing/route.ts';
import { routeRequest } from '../../billing/routeRequest.ts';
import type { HubBuckets } from '../../limits/pacing/hubBuckets.ts';
import type { GatewayConfig } from '../options.ts';
import { accountName, type LimitKey, limitKey } from '../pacing/limitKey.ts';
import { hubLinks } from '../relay/hubLinks.ts';

const maxRoutes = 200;

export interface PacedRoute extends Route {
  readonly limitKey: LimitKey;
}

/** Routes under one configuration, cached: programs ask for the same few things again and again. */
export class Routes {
  readonly config: GatewayConfig;
  readonly linksTo: ReturnType<typeof hubLinks>;
  /** A provider may have to be asked with its own name of a model. */
  readonly usesKeys: boolean;
  readonly #buckets: HubBuckets;
  readonly #known = new Map<string, PacedRoute>();
  readonly #profiles = new Map<BillingProfile, string>();
  /** By the `Authorization` header. */
  readonly #accounts = new Map<string | undefined, string>();

  constructor(config: GatewayConfig, buckets: HubBuckets) {
    this.config = config;
    this.usesKeys = [config.profile, ...config.failover].some(({ kind }) => kind === 'provider-key');
    this.linksTo = hubLinks(config.servers.hubUrl);
    this.#buckets = buckets;
  }

  /** @throws RouteRefusal */
  find(
    target: GatewayTarget,
    method: string,
    profile: BillingProfile,
    model: string | undefined,
    ownToken: string | undefined,
  ): PacedRoute {
    const request = { target, method, profile, model, ownToken };
    // a caller's own token is not kept in memory
    if (ownToken !== undefined) {
      const route = routeRequest(request, this.config);
      return this.#paced(route, request, accountName(route.headers.authorization));
    }
    if (target.kind === 'hub') return this.#own(request);
    const key = `${method} ${this.#text(profile)} ${target.kind === 'provider' ? target.provider : ''} ${target.path} ${model ?? ''}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const route = this.#own(request);
    if (this.#known.size >= maxRoutes) this.#known.clear();
    if (key.length < 1000) this.#known.set(key, route);
    return route;
  }

  #own(request: Parameters<typeof routeRequest>[0]): PacedRoute {
    const route = routeRequest(request, this.config);
    const { authorization } = route.headers;
    let account = this.#accounts.get(authorization);
    if (account === undefined) {
      account = accountName(authorization);
      this.#accounts.set(authorization, account);
    }
    return this.#paced(route, request, account);
  }

  #paced(
    route: Route,
    { target, method, model }: Parameters<typeof routeRequest>[0],
    account: string,
  ): PacedRoute {
    return { ...route, limitKey: limitKey({ target, method, route, model, account }, this.#buckets) };
  }

  #text(profile: BillingProfile): string {
    const known = this.#profiles.get(profile);
    if (known !== undefined) return known;
    const text = formatProfile(profile);
    this.#profiles.set(profile, text);
    return text;
  }
}
