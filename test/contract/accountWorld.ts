import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { AccountService } from '../../src/account/accountService.ts';
import type { SecretStore, Session, SessionLook } from '../../src/account/sessions.ts';
import type { Snapshot } from '../../src/account/snapshot.ts';
import { createHttp, type Http } from '../../src/hub/http.ts';
import type { Servers } from '../../src/hub/servers.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { Clock } from '../emulator/clock.ts';
import type { Fault } from '../emulator/faults.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator/server.ts';
import { VirtualClock } from './virtualClock.ts';

/** Mid-month. */
export const start = Date.UTC(2026, 9, 14, 9, 30);
export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;

/** Every call that a PRO account with one organization makes, by its name: server and path. */
export const calls = {
  whoami: '/api/whoami-v2',
  usage: '/api/settings/billing/usage-v2',
  live: '/api/settings/billing/usage/live',
  jobs: '/api/settings/billing/usage/jobs',
  'zero-gpu': '/api/spaces/zero-gpu/quota',
  'endpoints/ada': '/v2/endpoint/ada',
  'hardware/ada': '/v2/provider/ada',
  'organization-usage/acme': '/api/organizations/acme/billing/usage-v2',
} as const;

/** An editor window or a run of the CLI: its own service, ledger connection and HTTP. */
export interface Window {
  readonly service: AccountService;
  readonly ledger: Ledger;
  readonly logged: string[];
  readonly snapshot: Snapshot;
  close(): Promise<void>;
}

export interface WindowOptions {
  readonly sessions?: (ledger: Ledger) => { look(): Promise<SessionLook>; stamp(): string };
  readonly directory?: string;
  readonly servers?: Partial<Servers>;
}

/** One machine, one account at Hugging Face, one virtual time for both. */
export class AccountWorld {
  readonly clock: VirtualClock;
  readonly emulator: Emulator;
  readonly directory: string;
  /** The token of windows without `sessions` of their own. */
  session: Session | undefined;
  readonly #windows: Window[] = [];

  constructor(clock: VirtualClock, emulator: Emulator, directory: string) {
    this.clock = clock;
    this.emulator = emulator;
    this.directory = directory;
    this.session = emulator.token === null ? undefined : sessionOf(emulator.token);
  }

  open({ sessions, directory, servers }: WindowOptions = {}): Window {
    const { clock, emulator } = this;
    const logged: string[] = [];
    const line = (message: string) => void logged.push(message);
    const ledger = openLedger({ directory: directory ?? join(this.directory, 'state'), now: clock.now });
    let http: Http | undefined;
    const service: AccountService = new AccountService({
      ledger,
      sessions: sessions?.(ledger) ?? {
        look: async () => ({ session: this.session }),
        stamp: () => this.session?.token ?? '',
      },
      servers: { ...emulator, ...servers },
      http: () => {
        http ??= clock.track(
          createHttp({
            userAgent: 'headroom/test',
            now: clock.now,
            onResponse: response => service.observer.observe(response),
          }),
        );
        return http;
      },
      clock,
      random: () => 0.5,
      log: { debug: line, info: line, warn: line, error: line },
      holder: `window-${this.#windows.length}`,
    });
    const window: Window = {
      service,
      ledger,
      logged,
      get snapshot() {
        return service.snapshot;
      },
      close: async () => {
        service.dispose();
        await http?.close();
        ledger.close();
      },
    };
    this.#windows.push(window);
    return window;
  }

  /** A window that follows its heartbeats, after its first round. */
  async started(options?: WindowOptions): Promise<Window> {
    const window = this.open(options);
    await window.service.start();
    await this.clock.advance(0);
    return window;
  }

  /** A person asks for a refresh. */
  async refresh({ service }: Window): Promise<void> {
    await this.clock.until(service.refresh());
  }

  fault(...faults: Fault[]): void {
    this.emulator.world.faults.push(...faults);
  }

  mend(): void {
    this.emulator.world.faults = [];
  }

  /** The paths that HF received, without queries, in order of arrival. */
  received(prefix = '/'): string[] {
    return this.emulator
      .requests()
      .map(({ path }) => path.split('?', 1).join(''))
      .filter(path => path.startsWith(prefix));
  }

  /** Resolves when HF has received a request that begins with the prefix. */
  async arrival(prefix: string): Promise<void> {
    while (this.received(prefix).length === 0) await turn();
  }

  forgetRequests(): void {
    this.emulator.world.requests.length = 0;
  }

  async close(): Promise<void> {
    await Promise.all(this.#windows.map(window => window.close()));
    await this.emulator.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** A live stream with a complete first event, since reading it takes real time, and no refusals. */
const quietWorld = {
  live: { firstParts: ['inference', 'zeroGpu', 'jobs', 'rateLimits'] },
  orgs: { freebies: null },
};

export async function inWorld(
  options: Pick<EmulatorOptions, 'scenario' | 'patch' | 'ports'> & { readonly now?: number },
  body: (world: AccountWorld) => Promise<void>,
): Promise<void> {
  const clock = new VirtualClock(options.now ?? start);
  const { scenario = 'org-admin', ports } = options;
  const patch = { ...quietWorld, ...options.patch };
  const emulator = await startEmulator({ scenario, patch, ports, clock: new Clock(clock.now) });
  const world = new AccountWorld(clock, emulator, mkdtempSync(join(tmpdir(), 'headroom-account-')));
  try {
    await body(world);
  } finally {
    await world.close();
  }
}

export function sessionOf(token: string, label = 'HF_TOKEN'): Session {
  const source = { kind: 'environment', variable: 'HF_TOKEN' } as const;
  return { summary: { id: `environment:${label}`, label, source }, token };
}

/** VS Code's SecretStorage, in memory; all windows share it. */
export class SecretsInMemory implements SecretStore {
  readonly #secrets = new Map<string, string>();
  /** Set: the keyring is locked. */
  failure: Error | undefined;

  async get(key: string): Promise<string | undefined> {
    this.#check();
    return this.#secrets.get(key);
  }

  async store(key: string, value: string): Promise<void> {
    this.#check();
    this.#secrets.set(key, value);
  }

  async delete(key: string): Promise<void> {
    this.#check();
    this.#secrets.delete(key);
  }

  async keys(): Promise<string[]> {
    this.#check();
    return [...this.#secrets.keys()];
  }

  #check(): void {
    if (this.failure) throw this.failure;
  }
}
