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
  /** As it is now. */
  readonly config: () => GatewayConfig;
}

/** What the gateway reaches Hugging Face and providers with. Loaded after it listens, for undici takes its time. */
export class Upstream {
  readonly dispatcher;
  readonly #http: Http;
  readonly models: ProviderModels;
  readonly #prices: Prices;

  /** @throws HubError when a proxy's address is not one */
  constructor(network: Network, { ledger, userAgent, config }: UpstreamOptions) {
    this.dispatcher = createDispatcher(network);
    this.#http = createHttp({ ...network, userAgent, now: Date.now });
    const asked = {
      http: this.#http,
      servers: () => config().servers,
      token: () => config().token,
      now: Date.now,
    };
    this.models = new ProviderModels(asked);
    this.#prices = new Prices({ ...asked, ledger });
  }

  /** What is in flight ends where it began. */
  async leave(): Promise<void> {
    await Promise.all([this.dispatcher.close(), this.#http.close()]);
  }

  /** From the prices that are loaded; has them loaded when there are none, or old ones. */
  costNanoUsd(...request: Parameters<Prices['costNanoUsd']>): number | undefined {
    void this.#refreshPrices();
    return this.#prices.costNanoUsd(...request);
  }

  /** Undefined when there are prices already. */
  preparePrices(): Promise<void> | undefined {
    return this.#prices.areKnown ? undefined : this.#refreshPrices();
  }

  /** Without prices the cost is not known, and nothing else is wrong. */
  #refreshPrices(): Promise<void> {
    return this.#prices.refresh().catch(() => undefined);
  }

  async close(): Promise<void> {
    await Promise.all([this.dispatcher.destroy(), this.#http.close()]);
  }
}
