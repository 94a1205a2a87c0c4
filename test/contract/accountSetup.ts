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

/** Calls of a PRO account with one organization: path by name. */
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

/** An editor window or a run of the CLI, with a service, ledger connection and HTTP client of its own. */
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

/** One machine and one Hugging Face account on one virtual clock. */
export class AccountSetup {
  readonly clock: VirtualClock;
  readonly emulator: Emulator;
  readonly directory: string;
  /** Session of windows without `sessions`. */
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

  /** A window whose polls run, after its first round. */
  async started(options?: WindowOptions): Promise<Window> {
    const window = this.open(options);
    await window.service.start();
    await this.clock.advance(0);
    return window;
  }

  /** Headroom: Refresh. */
  async refresh({ service }: Window): Promise<void> {
    await this.clock.until(service.refresh());
  }

  fault(...faults: Fault[]): void {
    this.emulator.world.faults.push(...faults);
  }

  mend(): void {
    this.emulator.world.faults = [];
  }

  /** Paths of the requests at HF, without queries, in order of arrival. */
  received(prefix = '/'): string[] {
    return this.emulator
      .requests()
      .map(({ path }) => path.split('?', 1).join(''))
      .filter(path => path.startsWith(prefix));
  }

  /** Resolves when HF has received a request whose path has the prefix. */
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

/** No refusals, and a live stream whose first event is complete, since reading more takes real time. */
const quietPatch = {
  live: { firstParts: ['inference', 'zeroGpu', 'jobs', 'rateLimits'] },
  orgs: { freebies: null },
};

export async function withAccount(
  options: Pick<EmulatorOptions, 'scenario' | 'patch' | 'ports'> & { readonly now?: number },
  body: (setup: AccountSetup) => Promise<void>,
): Promise<void> {
  const clock = new VirtualClock(options.now ?? start);
  const { scenario = 'org-admin', ports } = options;
  const patch = { ...quietPatch, ...options.patch };
  const emulator = await startEmulator({ scenario, patch, ports, clock: new Clock(clock.now) });
  const setup = new AccountSetup(clock, emulator, mkdtempSync(join(tmpdir(), 'headroom-account-')));
  try {
    await body(setup);
  } finally {
    await setup.close();
  }
}

export function sessionOf(token: string, label = 'HF_TOKEN'): Session {
  const source = { kind: 'environment', variable: 'HF_TOKEN' } as const;
  return { summary: { id: `environment:${label}`, label, source }, token };
}

/** VS Code's SecretStorage in memory, shared by all windows. */
export class SecretsInMemory implements SecretStore {
  readonly #secrets = new Map<string, string>();
  /** Rejection of every call: a locked keyring. */
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
