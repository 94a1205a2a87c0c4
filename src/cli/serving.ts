import type { Gateway, GatewayConfig, GatewayEvent } from '../gateway/options.ts';
import type { Network } from '../gateway/processMessages.ts';
import { startGateway } from '../gateway/startGateway.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PayerBalance } from '../limits/account/payerBalance.ts';
import type { Upstream } from './upstream.ts';

export interface ServingOptions {
  /** 0: any that is free. */
  readonly port: number;
  readonly key: string;
  readonly config: GatewayConfig;
  readonly network: Network;
  readonly ledger: Ledger;
  readonly userAgent: string;
  readonly onEvent: (event: GatewayEvent) => void;
  readonly log: (line: string) => void;
}

export interface Serving {
  readonly url: string;
  configure(config: GatewayConfig, network?: Network): void;
  creditsReturned(): void;
  balance(payer: string, balance: PayerBalance): void;
  release(limit?: string): void;
  cancel(limit?: string): void;
  /** Lets what is in flight end within `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** Rejects with the system's error when the port can't be listened on. */
export async function startServing(options: ServingOptions): Promise<Serving> {
  const { ledger, port, key, onEvent, log, userAgent } = options;
  let { config, network } = options;
  let upstream: Upstream | undefined;
  let loading: Promise<Upstream> | undefined;
  const load = () => {
    loading ??= import('./upstream.ts')
      .then(({ Upstream }) => {
        upstream = new Upstream(network, { ledger, userAgent, config: () => config });
        return upstream;
      })
      .catch(error => {
        // it may do with another network
        loading = undefined;
        throw error;
      });
    return loading;
  };
  const gateway: Gateway = await startGateway({
    port,
    key,
    config,
    ledger,
    onEvent,
    log,
    dispatcher: () => upstream?.dispatcher ?? load().then(({ dispatcher }) => dispatcher),
    models: {
      find: async (provider, model, signal) => (await load()).models.find(provider, model, signal),
      providersOf: async (model, signal) => (await load()).models.providersOf(model, signal),
    },
    prices: {
      prepare: () =>
        upstream
          ? upstream.preparePrices()
          : load().then(
              loaded => loaded.preparePrices(),
              () => undefined,
            ),
      costNanoUsd: (provider, model, usage) => upstream?.costNanoUsd(provider, model, usage),
    },
    now: Date.now,
    random: Math.random,
  });
  // what asks for it is told when it fails
  const loadSoon = () => setImmediate(() => load().catch(() => undefined));
  loadSoon();
  return {
    url: gateway.url,
    configure(changed, changedNetwork = network) {
      config = changed;
      gateway.configure(changed);
      if (JSON.stringify(changedNetwork) === JSON.stringify(network)) return;
      network = changedNetwork;
      if (upstream === undefined) return;
      void upstream.leave();
      upstream = undefined;
      loading = undefined;
      loadSoon();
    },
    creditsReturned: () => gateway.creditsReturned(),
    balance: (payer, balance) => gateway.balance(payer, balance),
    release: limit => gateway.release(limit),
    cancel: limit => gateway.cancel(limit),
    async close(graceMs) {
      await gateway.close(graceMs);
      await (await loading?.catch(() => undefined))?.close();
    },
  };
}
