import { Prices } from '../billing/prices.ts';
import { ProviderModels } from '../billing/providerModels.ts';
import type { PartStore } from '../billing/sharedOffers.ts';
import type { GatewayConfig } from '../gateway/options.ts';
import type { Network } from '../gateway/processMessages.ts';
import { createDispatcher } from '../hub/dispatcher.ts';
import { createHttp } from '../hub/http.ts';

export type Upstream = ReturnType<typeof createUpstream>;

/**
 * The gateway's connections to Hugging Face and providers, and the models and prices that it reads there.
 * @param config the current one
 * @throws HubError when the proxy's address is invalid
 */
export function createUpstream(
  network: Network,
  ledger: PartStore,
  userAgent: string,
  config: () => GatewayConfig,
) {
  const now = Date.now;
  const dispatcher = createDispatcher(network);
  const http = createHttp({ ...network, userAgent, now });
  const shared = { http, servers: () => config().servers, token: () => config().token, now };
  return {
    dispatcher,
    models: new ProviderModels(shared),
    prices: new Prices({ ...shared, ledger }),
    /** Lets requests in flight end. */
    leave: () => Promise.all([dispatcher.close(), http.close()]),
    /** Aborts requests in flight. */
    close: () => Promise.all([dispatcher.destroy(), http.close()]),
  };
}
