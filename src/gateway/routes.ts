import { type BillingProfile, formatProfile } from '../billing/profile.ts';
import { type GatewayTarget, type Route, routeRequest } from '../billing/route.ts';
import { hubLinks } from './hubLinks.ts';
import type { GatewayConfig } from './options.ts';
import type { RewriteLinks } from './responseHead.ts';

const mostRoutes = 200;

/** Where requests go under one configuration. Most programs ask for the same few things again and again. */
export class Routes {
  readonly config: GatewayConfig;
  readonly rewriteLinks: RewriteLinks;
  /** Whether a provider may have to be asked with its own name of a model. */
  readonly usesKeys: boolean;
  readonly #known = new Map<string, Route>();
  readonly #profiles = new Map<BillingProfile, string>();

  constructor(config: GatewayConfig, gatewayUrl: string) {
    this.config = config;
    this.usesKeys = [config.profile, ...config.failover].some(({ kind }) => kind === 'provider-key');
    this.rewriteLinks = hubLinks(config.servers.hubUrl, gatewayUrl);
  }

  /** @throws RouteRefusal */
  find(
    target: GatewayTarget,
    method: string,
    profile: BillingProfile,
    model: string | undefined,
    ownToken: string | undefined,
  ): Route {
    const { config } = this;
    // a caller's own token is not kept, not even in memory
    if (ownToken !== undefined || target.kind === 'hub') {
      return routeRequest({ target, method, profile, model, ownToken }, config);
    }
    const key = `${method} ${this.#text(profile)} ${target.kind === 'provider' ? target.provider : ''} ${target.path} ${model ?? ''}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const route = routeRequest({ target, method, profile, model }, config);
    if (this.#known.size >= mostRoutes) this.#known.clear();
    if (key.length < 1000) this.#known.set(key, route);
    return route;
  }

  #text(profile: BillingProfile): string {
    const known = this.#profiles.get(profile);
    if (known !== undefined) return known;
    const text = formatProfile(profile);
    this.#profiles.set(profile, text);
    return text;
  }
}
