import { readPublic } from '../hub/readPublic.ts';
import { listRouterModels, type RouterModel } from '../hub/router.ts';
import { CachedValue, type Loaded } from './cachedValue.ts';
import type { ProviderModelsOptions } from './providerModels.ts';
import { type PartStore, readOffers, writeOffers } from './sharedOffers.ts';

export interface RouterOffersOptions extends ProviderModelsOptions {
  readonly ledger: PartStore;
}

const maxAgeMs = 15 * 60_000;

/** The models behind the router, with each provider's price; `get` throws HubError when there is no list at all. */
export function routerOffers(options: RouterOffersOptions): CachedValue<readonly RouterModel[]> {
  return new CachedValue(() => loadOffers(options), options.now);
}

/** A list younger than 15 minutes, from another process if it has one. @throws HubError */
export async function loadOffers({
  http,
  token,
  ledger,
  now,
  servers: configured,
}: RouterOffersOptions): Promise<Loaded<readonly RouterModel[]>> {
  const servers = configured();
  const shared = readOffers(ledger, servers.routerUrl);
  const ageMs = shared && now() - shared.asOf;
  if (shared && ageMs !== undefined && ageMs >= 0 && ageMs < maxAgeMs) {
    return { value: shared.models, maxAgeMs: maxAgeMs - ageMs };
  }
  const { items } = await readPublic(token(), allowed => listRouterModels(http, servers, allowed));
  writeOffers(ledger, servers.routerUrl, items, now());
  return { value: items, maxAgeMs };
}
