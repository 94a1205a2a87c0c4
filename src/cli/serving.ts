import type { Gateway, GatewayOptions } from '../gateway/options.ts';
import type { Network } from '../gateway/processMessages.ts';
import { startGateway } from '../gateway/startGateway.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Upstream } from './upstream.ts';

export interface ServingOptions
  extends Pick<GatewayOptions, 'port' | 'hubPort' | 'key' | 'config' | 'onEvent' | 'onTallies' | 'log'> {
  readonly network: Network;
  readonly ledger: Ledger;
  readonly userAgent: string;
}

export interface Serving {
  readonly gateway: Omit<Gateway, 'close'>;
  /** Holds for every later request. */
  changeNetwork(network: Network): void;
  /** Lets requests in flight end within 5 s. */
  close(): Promise<void>;
}

const graceMs = 5_000;

/**
 * Starts a gateway that loads undici only after it listens: that takes a while.
 * Rejects with the system's error when the port can't be listened on.
 */
export async function startServing(options: ServingOptions): Promise<Serving> {
  const { ledger, userAgent } = options;
  let { network } = options;
  let upstream: Upstream | undefined;
  let loading: Promise<Upstream> | undefined;
  const load = () => {
    loading ??= import('./upstream.ts')
      .then(({ createUpstream }) => {
        upstream = createUpstream(network, ledger, userAgent, () => gateway.config);
        return upstream;
      })
      .catch(error => {
        // another network may not fail
        loading = undefined;
        throw error;
      });
    return loading;
  };
  const gateway = await startGateway({
    ...options,
    dispatcher: () => upstream?.dispatcher ?? load().then(({ dispatcher }) => dispatcher),
    models: {
      find: async (provider, model, signal) => (await load()).models.find(provider, model, signal),
      providersOf: async (model, signal) => (await load()).models.providersOf(model, signal),
    },
    prices: {
      prepare: () => {
        const preparing = ({ prices }: Upstream) => prices.prepare();
        return upstream ? preparing(upstream) : load().then(preparing, () => undefined);
      },
      costNanoUsd: (provider, model, usage) => upstream?.prices.costNanoUsd(provider, model, usage),
      mostNanoUsd: (provider, model, usage) => upstream?.prices.mostNanoUsd(provider, model, usage),
    },
    now: Date.now,
    random: Math.random,
  });
  // a failure is reported to the request that needs it
  const loadSoon = () => setImmediate(() => load().catch(() => undefined));
  loadSoon();
  return {
    gateway,
    changeNetwork(changed) {
      if (JSON.stringify(changed) === JSON.stringify(network)) return;
      network = changed;
      if (upstream === undefined) return;
      void upstream.leave();
      upstream = undefined;
      loading = undefined;
      loadSoon();
    },
    async close() {
      await gateway.close(graceMs);
      await (await loading?.catch(() => undefined))?.close();
    },
  };
}
