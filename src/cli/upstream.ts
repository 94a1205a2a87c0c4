import { Prices } from '../billing/prices.ts';
import { ProviderModels } from '../billing/providerModels.ts';
import type { GatewayConfig } from '../gateway/options.ts';
import type { Network } from '../gateway/processMessages.ts';
import { createDispatcher } from '../hub/dispatcher.ts';
import { createHttp, type Http } from '../hub/http.ts';

export interface UpstreamOptions {
  readonly userAgent: string;
  /** As it is now. */
  readonly config: () => GatewayConfig;
}

/** What the gateway reaches Hugging Face and providers with. Loaded after it listens, for undici takes its time. */
export class Upstream {
  private readonly userAgent: string;
  private http: Http;
  private current;
  readonly models: ProviderModels;
  private readonly prices: Prices;

  constructor(network: Network, { userAgent, config }: UpstreamOptions) {
    this.userAgent = userAgent;
    this.current = createDispatcher(network);
    this.http = this.createHttp(network);
    const asked = {
      http: { getJson: (...call: Parameters<Http['getJson']>) => this.http.getJson(...call) },
      servers: () => config().servers,
      token: () => config().token,
      now: Date.now,
    };
    this.models = new ProviderModels(asked);
    this.prices = new Prices(asked);
  }

  get dispatcher() {
    return this.current;
  }

  /** What is in flight ends where it began. */
  changeNetwork(network: Network): void {
    void this.current.close();
    void this.http.close();
    this.current = createDispatcher(network);
    this.http = this.createHttp(network);
  }

  /** From the prices that are loaded; has them loaded when there are none, or old ones. */
  costNanoUsd(...request: Parameters<Prices['costNanoUsd']>): number | undefined {
    this.refreshPrices();
    return this.prices.costNanoUsd(...request);
  }

  /** Without prices the cost is not known, and nothing else is wrong. */
  refreshPrices(): void {
    this.prices.refresh().catch(() => undefined);
  }

  async close(): Promise<void> {
    await Promise.all([this.current.destroy(), this.http.close()]);
  }

  private createHttp(network: Network): Http {
    return createHttp({ ...network, userAgent: this.userAgent, now: Date.now });
  }
}
