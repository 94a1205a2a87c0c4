import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { GatewayAddress } from '../../gateway/programVariables.ts';
import type { PayerBalance } from '../../limits/account/payerBalance.ts';
import { messageOf } from '../../limits/messageOf.ts';
import { CrashSeries } from './crashSeries.ts';
import {
  GatewayChild,
  type GatewayChildOptions,
  type GatewayPorts,
  type GatewaySetup,
  PortNotFree,
} from './gatewayChild.ts';

const setupTimeoutMs = 5_000;
const suspendedRetryMs = 10_000;
/** Between tries for a port: the previous window's gateway may still be ending on it. */
const portPausesMs = [300, 700, 1_500];

export interface GatewayProcessOptions extends GatewayChildOptions {
  /** The same for every start. */
  readonly key: () => Promise<string>;
  /** Remembered ports, the same in every session; 0: none yet. */
  readonly ports: { get(): GatewayPorts; set(ports: GatewayPorts): void };
  readonly setup: () => Promise<GatewaySetup>;
  /** Default 5 s. */
  readonly setupTimeoutMs?: number;
  /** Before the first start after a crash; doubles with each crash. Default 250. */
  readonly firstDelayMs?: number;
  /** It crashed too often, and stays stopped until `start` or `restart`. */
  readonly onGivenUp: (message: string) => void;
  /** It was stopped because `setup` failed, and starts again once `setup` succeeds. */
  readonly onSuspended: (message: string) => void;
}

/**
 * This window's gateway in a process of its own. Started when first needed, and again at the same address
 * after a crash; ends with the window.
 */
export class GatewayProcess {
  readonly #options: GatewayProcessOptions;
  readonly #listeners = new Set<() => void>();
  #child: GatewayChild | undefined;
  #starting: Promise<GatewayAddress> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #stops = 0;
  readonly #crashes: CrashSeries;
  readonly #balances = new Map<string, PayerBalance>();
  /** Numbers of the last `push`, and of the last one whose setup has come. */
  #pushed = 0;
  #pushedSetup = 0;
  /** Ports of an earlier start in this window, which programs may know. */
  #lastPorts: GatewayPorts | undefined;
  #disposed = false;
  /** Undefined while the gateway does not run. */
  address: GatewayAddress | undefined;
  /** Stopped because `setup` failed: the payer is not known. */
  suspended = false;

  constructor(options: GatewayProcessOptions) {
    this.#options = options;
    this.#crashes = new CrashSeries(options.firstDelayMs);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** It starts again after a delay; after too many crashes only by `start` or `restart`. */
  get crashed(): boolean {
    return this.#crashes.hasBegun && !this.address;
  }

  /** Fires when `address` changes. */
  onDidChange(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Resolves when the gateway listens. Rejects when it can't be started. */
  start(): Promise<GatewayAddress> {
    if (this.#disposed) return Promise.reject(new Error('The window is closing.'));
    clearTimeout(this.#retry);
    if (this.#starting !== undefined) return this.#starting;
    const starting = this.#launch();
    this.#starting = starting;
    starting.catch((error: unknown) => {
      if (this.#starting !== starting) return;
      this.#starting = undefined;
      if (this.suspended) this.#pushLater();
      else if (this.crashed && !this.#crashes.isGivenUp) this.#crashedAgain(messageOf(error));
    });
    return starting;
  }

  /** Stops the gateway, with its requests in flight, and starts it again. */
  async restart(): Promise<GatewayAddress> {
    this.#crashes.forget();
    await this.stop();
    return await this.start();
  }

  /** Resolves when the process has exited. */
  async stop(): Promise<void> {
    this.suspended = false;
    await this.#end();
  }

  async #end(): Promise<void> {
    clearTimeout(this.#retry);
    const child = this.#child;
    this.#stops++;
    this.#starting = undefined;
    this.#child = undefined;
    this.#setAddress(undefined);
    await child?.end();
  }

  /**
   * Sends a changed setup, unless a later one has come meanwhile. If `setup` fails, the gateway is stopped: refused
   * programs are better than a bill for the old payer.
   */
  async push(): Promise<void> {
    if (!this.address && !this.suspended) return; // `start` reads the setup itself
    const number = ++this.#pushed;
    let setup: GatewaySetup;
    try {
      setup = await this.#setupInTime();
    } catch (error) {
      if (number === this.#pushed && (this.address || this.suspended)) await this.#suspend(messageOf(error));
      return;
    }
    if (number < this.#pushedSetup) return;
    this.#pushedSetup = number;
    if (!this.address && !this.suspended) return;
    if (this.suspended) {
      await this.start().catch(() => undefined); // tried again later
      return;
    }
    // with another token it has forgotten them
    if (this.#child?.configure(setup)) this.#sendBalances();
  }

  /** Secret storage may hang. */
  #setupInTime(): Promise<GatewaySetup> {
    const timeoutMs = this.#options.setupTimeoutMs ?? setupTimeoutMs;
    const late = once(AbortSignal.timeout(timeoutMs), 'abort').then(() => {
      throw new Error(`No answer within ${timeoutMs / 1000} s.`);
    });
    return Promise.race([this.#options.setup(), late]);
  }

  async #suspend(why: string): Promise<void> {
    const first = !this.suspended;
    this.suspended = true;
    await this.#end();
    if (!this.suspended) return;
    this.#pushLater();
    if (!first) return;
    this.#options.log.error(`The gateway is stopped, because its configuration can't be read: ${why}`);
    this.#options.onSuspended(why);
  }

  #pushLater(): void {
    if (this.#disposed) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.push(), suspendedRetryMs);
  }

  creditsReturned(): void {
    this.#child?.send({ kind: 'credits-returned' });
  }

  /** Sends a payer's balance if it is new, and again to each gateway that this window starts later. */
  balance(payer: string, balance: PayerBalance): void {
    if (this.#balances.get(payer)?.asOf === balance.asOf) return;
    this.#balances.set(payer, balance);
    this.#child?.send({ kind: 'balance', payer, balance });
  }

  /** Another account is signed in. */
  forgetBalances(): void {
    this.#balances.clear();
  }

  #sendBalances(): void {
    for (const [payer, balance] of this.#balances) this.#child?.send({ kind: 'balance', payer, balance });
  }

  /** @param limit undefined: all */
  release(limit?: string): void {
    this.#child?.send({ kind: 'release', limit });
  }

  /** @param limit undefined: all */
  cancel(limit?: string): void {
    this.#child?.send({ kind: 'cancel', limit });
  }

  dispose(): void {
    this.#disposed = true;
    this.#listeners.clear();
    void this.stop();
  }

  async #launch(): Promise<GatewayAddress> {
    const { key: readKey, setup: readSetup, ports, log } = this.#options;
    const stops = this.#stops;
    const [key, setup] = await Promise.all([readKey(), readSetup()]);
    if (this.#stops !== stops) throw new Error('The gateway was stopped.');
    const remembered = ports.get();
    const { url, hub } = await this.#listen(this.#lastPorts ?? remembered, key, setup);
    const given = { port: Number(new URL(url).port), hubPort: Number(new URL(hub).port) };
    this.#lastPorts = given;
    // a replacement for a taken port is not remembered
    if (remembered.port === 0 || remembered.hubPort === 0) {
      ports.set({ port: remembered.port || given.port, hubPort: remembered.hubPort || given.hubPort });
    }
    this.suspended = false;
    log.info(`The gateway listens at ${url}, and serves the Hub at ${hub}.`);
    this.#sendBalances();
    const address = { url, hub, key };
    this.#setAddress(address);
    void this.push(); // the setup may have changed meanwhile
    return address;
  }

  /**
   * Resolves with the gateway's addresses: at the ports `near` if they become free, else at any free ones.
   * @param near 0: any free port
   */
  async #listen(near: GatewayPorts, key: string, setup: GatewaySetup): GatewayChild['listening'] {
    const stops = this.#stops;
    for (const pauseMs of [...portPausesMs, 0]) {
      try {
        return await this.#listenAt(near, key, setup);
      } catch (error) {
        if (near.port === 0 || !(error instanceof PortNotFree)) throw error;
        await wait(pauseMs);
        if (this.#stops !== stops) throw error;
      }
    }
    this.#options.log.info(`Port ${near.port} is taken; the gateway takes another one for now.`);
    return await this.#listenAt({ port: 0, hubPort: 0 }, key, setup);
  }

  /** @throws PortNotFree */
  #listenAt(ports: GatewayPorts, key: string, setup: GatewaySetup): GatewayChild['listening'] {
    const child = new GatewayChild(this.#options, ports, key, setup);
    this.#child = child;
    child.onExit((how, ranMs) => this.#exited(child, how, ranMs));
    return child.listening;
  }

  /** An exit without `#end`: a crash, or a kill. */
  #exited(child: GatewayChild, how: string, ranMs: number): void {
    if (child !== this.#child) return;
    this.#child = undefined;
    if (!this.address) return; // `start` rejects
    this.#starting = undefined;
    this.#options.log.error(`The gateway ended with ${how} after ${Math.round(ranMs / 1000)} s.`);
    this.#crashedAgain(`it ended with ${how}`, ranMs);
    this.#setAddress(undefined);
  }

  /** Counts crashes while listening and, within a series, starts that fail. */
  #crashedAgain(why: string, ranMs = 0): void {
    this.#crashes.crashed(ranMs);
    if (this.#disposed) return;
    if (this.#crashes.isGivenUp) {
      this.#options.onGivenUp(why);
      return;
    }
    const again = () => void this.start().catch(() => undefined); // `start` counts it
    this.#retry = setTimeout(again, this.#crashes.delayMs);
  }

  #setAddress(address: GatewayAddress | undefined): void {
    const { url, hub, key } = this.address ?? {};
    if (address?.url === url && address?.hub === hub && address?.key === key) return;
    this.address = address;
    for (const listener of this.#listeners) listener();
  }
}
