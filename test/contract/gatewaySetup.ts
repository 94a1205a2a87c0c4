import assert from 'node:assert/strict';
import { Prices } from '../../src/billing/prices.ts';
import { type BillingProfile, parseProfile } from '../../src/billing/profile.ts';
import { ProviderModels } from '../../src/billing/providerModels.ts';
import type { Gateway, GatewayConfig, GatewayEvent } from '../../src/gateway/options.ts';
import { startGateway } from '../../src/gateway/startGateway.ts';
import { createDispatcher } from '../../src/hub/dispatcher.ts';
import { createHttp } from '../../src/hub/http.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openMemoryLedger } from '../../src/ledger/openLedger.ts';
import { Clock } from '../emulator/clock.ts';
import { adaKey, providerIds } from '../emulator/providers.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import type { ReceivedRequest } from '../emulator/world.ts';
import { admin } from './emulatorCalls.ts';

/** The emulator and a gateway in front of it, for tests with real client libraries. */
export interface GatewayTestSetup {
  readonly emulator: Emulator;
  readonly gateway: Gateway;
  readonly ledger: Ledger;
  /** The gateway's key. */
  readonly key: string;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly events: readonly GatewayEvent[];
  readonly log: readonly string[];
  configure(change: Partial<GatewayConfig>): void;
  /** In the form of `formatProfile`. */
  setProfile(profile: string): void;
  /** A patch of the emulator's state. */
  patch(state: object): Promise<void>;
  /** Forwarded requests; not the gateway's own for models and prices. */
  received(): readonly ReceivedRequest[];
  /** The only forwarded request; fails when there are more, or none. */
  only(): ReceivedRequest;
  /** Ends both. Fails when the gateway's key went upstream, or a secret is in its log. */
  close(): Promise<void>;
}

export interface GatewaySetupOptions {
  readonly scenario?: string;
  readonly config?: Partial<GatewayConfig>;
}

/** Mid-month. Servers and gateway share a running clock; its rate also shortens the gateway's timers. */
const start = Date.UTC(2026, 9, 14, 9, 30);

export async function gatewaySetup({
  scenario,
  config,
}: GatewaySetupOptions = {}): Promise<GatewayTestSetup> {
  const clock = new Clock();
  clock.set({ now: start });
  const emulator = await startEmulator({ clock, ...(scenario && { scenario }) });
  const { hubUrl, routerUrl, endpointsUrl, providerUrls, token } = emulator;
  const servers = { hubUrl, routerUrl, endpointsUrl };
  const now = () => clock.now();
  const ledger = openMemoryLedger({ now });
  const userAgent = 'headroom-test';
  const http = createHttp({ userAgent, now });
  const dispatcher = createDispatcher({});
  const shared = { http, servers: () => servers, token: () => current.token, now };
  const models = new ProviderModels(shared);
  const prices = new Prices({ ...shared, ledger });
  const key = 'hf_headroom_key_of_the_contract_tests';
  const events: GatewayEvent[] = [];
  const log: string[] = [];
  let current: GatewayConfig = {
    ...(token !== null && { token }),
    keys: Object.fromEntries(providerIds.map(id => [id, adaKey(id)])),
    servers,
    providerUrls,
    profile: { kind: 'personal' },
    failover: [],
    sessionId: 'session-of-the-tests',
    longestWaitMs: 1_000,
    pacing: 'pace',
    ...config,
  };
  const gateway = await startGateway({
    port: 0,
    key,
    config: current,
    dispatcher,
    ledger,
    models,
    prices: {
      prepare: () => undefined,
      costNanoUsd: (provider, model, usage) => prices.costNanoUsd(provider, model, usage),
      mostNanoUsd: (provider, model, usage) => prices.mostNanoUsd(provider, model, usage),
    },
    now,
    random: () => 0.5,
    timers: {
      setTimeout: (callback, delayMs) => setTimeout(callback, delayMs / (clock.rate || 1)),
      clearTimeout: timer => clearTimeout(timer as NodeJS.Timeout),
    },
    onEvent: event => events.push(event),
    log: line => log.push(line),
  });
  await prices.refresh();
  emulator.world.requests.length = 0;
  const received = () => emulator.requests().filter(({ headers }) => headers['user-agent'] !== userAgent);
  const configure = (change: Partial<GatewayConfig>) => {
    current = { ...current, ...change };
    gateway.configure(current);
  };
  return {
    emulator,
    gateway,
    ledger,
    key,
    url: gateway.url,
    events,
    log,
    configure,
    setProfile: text => configure({ profile: profileOf(text) }),
    patch: async state => {
      const { status, text } = await admin(emulator, '/state', state);
      assert.equal(status, 200, text);
    },
    received,
    only() {
      const [request, ...more] = received();
      assert.ok(request, 'no request was forwarded');
      assert.deepEqual(more, []);
      return request;
    },
    async close() {
      await gateway.close(1_000);
      await Promise.all([dispatcher.destroy(), http.close(), emulator.close()]);
      ledger.close();
      const sent = JSON.stringify(emulator.requests());
      assert.ok(!sent.includes(key), "the gateway's key went upstream");
      const secrets = [key, token, ...Object.values(current.keys)].filter(
        secret => typeof secret === 'string',
      );
      for (const line of log) for (const secret of secrets) assert.ok(!line.includes(secret), `log: ${line}`);
    },
  };
}

function profileOf(text: string): BillingProfile {
  const profile = parseProfile(text);
  assert.ok(profile, text);
  return profile;
}
