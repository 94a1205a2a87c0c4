import { Prices } from '../billing/prices.ts';
import { ProviderModels } from '../billing/providerModels.ts';
import type { PartStore } from '../billing/sharedPrices.ts';
import type { GatewayConfig } from '../gateway/options.ts';
import type { Network } from '../gateway/processMessages.ts';
import { createDispatcher } from '../hub/dispatcher.ts';
import { createHttp, type Http } from '../hub/http.ts';

export interface UpstreamOptions {
  readonly ledger: PartStore;
  readonly userAgent: string;
  /** The current one. */
  readonly config: () => GatewayConfig;
}

/** The gateway's connections to Hugging Face and providers, with the models and prices that it reads there. */
export class Upstream {
  readonly dispatcher;
  readonly #http: Http;
  readonly models: ProviderModels;
  readonly #prices: Prices;

  /** @throws HubError when the proxy's address is invalid */
  constructor(network: Network, { ledger, userAgent, config }: UpstreamOptions) {
    this.dispatcher = createDispatcher(network);
    this.#http = createHttp({ ...network, userAgent, now: Date.now });
    const shared = {
      http: this.#http,
      servers: () => config().servers,
      token: () => config().token,
      now: Date.now,
    };
    this.models = new ProviderModels(shared);
    this.#prices = new Prices({ ...shared, ledger });
  }

  /** From the loaded prices; starts a load when there are none, or old ones. */
  costNanoUsd(...request: Parameters<Prices['costNanoUsd']>): number | undefined {
    void this.#refreshPrices();
    return this.#prices.costNanoUsd(...request);
  }

  /** Undefined when there are prices already. */
  preparePrices(): Promise<void> | undefined {
    return this.#prices.areKnown ? undefined : this.#refreshPrices();
  }

  /** Without prices only the cost is unknown. */
  #refreshPrices(): Promise<void> {
    return this.#prices.refresh().catch(() => undefined);
  }

  /** Requests in flight end here. */
  async leave(): Promise<void> {
    await Promise.all([this.dispatcher.close(), this.#http.close()]);
  }

  /** Aborts requests in flight. */
  async close(): Promise<void> {
    await Promise.all([this.dispatcher.destroy(), this.#http.close()]);
  }
}
