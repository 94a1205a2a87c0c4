import type { Dispatcher } from 'undici';
import { Prices } from '../../src/billing/prices.ts';
import { ProviderModels } from '../../src/billing/providerModels.ts';
import type {
  Gateway,
  GatewayConfig,
  GatewayEvent,
  GatewayLedger,
  GatewayModels,
  HeldRequests,
} from '../../src/gateway/options.ts';
import { startGateway } from '../../src/gateway/startGateway.ts';
import { createDispatcher } from '../../src/hub/dispatcher.ts';
import { createHttp } from '../../src/hub/http.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openMemoryLedger } from '../../src/ledger/openLedger.ts';
import type { BillingSwitch } from '../../src/limits/account/billingSwitch.ts';
import type { Refusal } from '../../src/limits/refusals/refusal.ts';
import type { RequestTally } from '../../src/limits/requests/requestTally.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import type { ManualClock } from './manualClock.ts';

export const key = 'hf_headroom_k3yk3yk3yk3yk3yk3yk3yk3yk3y';

export interface TestGateway extends Gateway {
  readonly port: number;
  readonly key: string;
  readonly tallies: RequestTally[];
  readonly refusals: Refusal[];
  readonly switches: BillingSwitch[];
  /** Without `held` events. */
  readonly events: GatewayEvent[];
  /** Lists of the `held` events. */
  readonly held: HeldRequests[][];
  /** Its ledger, as other processes write to it. */
  readonly ledger: Ledger;
  /** Log lines. */
  readonly lines: string[];
  /** Closes the gateway and its connections to upstream. */
  stop(): Promise<void>;
}

export interface TestGatewayOptions {
  /** @default `key` */
  readonly key?: string;
  readonly config?: Partial<GatewayConfig>;
  readonly models?: Partial<GatewayModels>;
  readonly clock?: ManualClock;
  readonly dispatcher?: Dispatcher;
  readonly ledger?: Partial<GatewayLedger>;
  readonly random?: () => number;
  /** Called before each call of the gateway to that dependency; may throw. */
  readonly failing?: Partial<Record<Dependency, () => void>>;
}

export type Dependency = 'now' | 'random' | 'setTimeout' | 'prices' | 'ledger' | 'dispatcher';

/** The shipped gateway with Hub and router at `upstreamUrl`. Prices and models come from the emulator. */
export async function gatewayTo(upstreamUrl: string, options: TestGatewayOptions = {}): Promise<TestGateway> {
  const ownKey = options.key ?? key;
  const dispatcher = options.dispatcher ?? createDispatcher({});
  const records = {
    tallies: [] as RequestTally[],
    refusals: [] as Refusal[],
    switches: [] as BillingSwitch[],
    events: [] as GatewayEvent[],
    held: [] as HeldRequests[][],
    lines: [] as string[],
  };
  const before = (dependency: Dependency) => options.failing?.[dependency]?.();
  const now = options.clock?.now ?? Date.now;
  const random = options.random ?? (() => 0.5);
  const timers = options.clock ?? {
    setTimeout: (callback: () => void, delayMs: number) => setTimeout(callback, delayMs).unref(),
    clearTimeout: (timer: object | number) => clearTimeout(timer as NodeJS.Timeout),
  };
  const ledger = openMemoryLedger({ now });
  const { hubUrl, routerUrl, endpointsUrl, token } = await sharedEmulator();
  const servers = { hubUrl, routerUrl, endpointsUrl };
  const shared = { http: sharedHttp, servers: () => servers, token: () => token ?? undefined, now: Date.now };
  const models = new ProviderModels(shared);
  const prices = new Prices({ ...shared, ledger });
  const gateway = await startGateway({
    port: 0,
    key: ownKey,
    config: configTo(upstreamUrl, options.config),
    dispatcher: () => {
      before('dispatcher');
      return dispatcher;
    },
    ledger: {
      recordTallies: tallies => {
        before('ledger');
        records.tallies.push(...tallies);
        ledger.recordTallies(tallies);
      },
      lastTallies: count => ledger.lastTallies(count),
      tallyTotals: since => ledger.tallyTotals(since),
      recordRefusals: refusals => {
        records.refusals.push(...refusals);
        ledger.recordRefusals(refusals);
      },
      recordSwitch: entry => {
        records.switches.push(entry);
        ledger.recordSwitch(entry);
      },
      shareLimits: learned => ledger.shareLimits(learned),
      sharedLimits: since => ledger.sharedLimits(since),
      dataVersion: () => ledger.dataVersion(),
      workspaceTotals: (workspace, since) => ledger.workspaceTotals(workspace, since),
      getPreference: key => ledger.getPreference(key),
      setPreference: (key, value) => ledger.setPreference(key, value),
      swapPreference: (key, expected, value) => ledger.swapPreference(key, expected, value),
      ...options.ledger,
    },
    models: {
      find: (provider, model, signal) => models.find(provider, model, signal),
      providersOf: (model, signal) => models.providersOf(model, signal),
      ...options.models,
    },
    prices: {
      prepare: () => {
        before('prices');
        return prices.prepare();
      },
      costNanoUsd: (provider, model, usage) => prices.costNanoUsd(provider, model, usage),
      mostNanoUsd: (provider, model, usage) => prices.mostNanoUsd(provider, model, usage),
    },
    now: () => {
      before('now');
      return now();
    },
    random: () => {
      before('random');
      return random();
    },
    timers: {
      setTimeout: (callback, delayMs) => {
        before('setTimeout');
        return timers.setTimeout(callback, delayMs);
      },
      clearTimeout: timer => timers.clearTimeout(timer),
    },
    onEvent: event =>
      event.kind === 'held' ? records.held.push([...event.held]) : records.events.push(event),
    log: line => records.lines.push(line),
  });
  return {
    ...gateway,
    ...records,
    ledger,
    key: ownKey,
    port: Number(new URL(gateway.url).port),
    async stop() {
      await gateway.close(0);
      await dispatcher.destroy();
      ledger.close();
    },
  };
}

const sharedHttp = createHttp({ userAgent: 'headroom-test', now: Date.now });
let emulator: Promise<Emulator> | undefined;

/** One for all tests of a run: the gateway reads only prices and models from it. */
function sharedEmulator(): Promise<Emulator> {
  emulator ??= startEmulator();
  return emulator;
}

// gatewayMemory.ts runs without mocha
if (typeof after === 'function') {
  after(async () => {
    await sharedHttp.close();
    await (await emulator)?.close();
  });
}

export function configTo(upstreamUrl: string, changes: Partial<GatewayConfig> = {}): GatewayConfig {
  return {
    token: 'hf_developers',
    keys: {},
    servers: { hubUrl: upstreamUrl, routerUrl: upstreamUrl, endpointsUrl: upstreamUrl },
    providerUrls: {},
    profile: { kind: 'personal' },
    failover: [],
    sessionId: 'session-of-the-window',
    longestWaitMs: 60_000,
    pacing: 'pace',
    ...changes,
  };
}

export function withKey(headers: Record<string, string> = {}): Record<string, string> {
  return { authorization: `Bearer ${key}`, ...headers };
}

/** A chat request as an SDK sends it. Its own `authorization` replaces the gateway's key. */
export function chat(
  { url, key }: { readonly url: string; readonly key: string },
  body: unknown = { model: 'acme/Model-7B', messages: [] },
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** Code and message of an error that the gateway itself sends; throws when the body has another shape. */
export async function errorOf(response: Response): Promise<{ code: string; message: string; text: string }> {
  const text = await response.text();
  const { type, error } = JSON.parse(text) as { type: string; error: Record<string, string | null> };
  if (type !== 'error' || error.type !== 'headroom_error' || error.param !== null) throw new Error(text);
  return { code: error.code ?? '', message: error.message ?? '', text };
}
