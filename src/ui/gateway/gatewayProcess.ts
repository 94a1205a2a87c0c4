import type { Door } from '../../gateway/programVariables.ts';
import type { PayerBalance } from '../../limits/account/payerBalance.ts';
import { Newest } from '../core/newest.ts';
import { CrashSeries } from './crashSeries.ts';
import { GatewayChild, type GatewayChildOptions, type GatewaySetup } from './gatewayChild.ts';
import { listenNear } from './gatewayPort.ts';

const setupTimeoutMs = 5_000;
const heldPauseMs = 10_000;

export interface GatewayProcessOptions extends GatewayChildOptions {
  /** The same for every start. */
  readonly key: () => Promise<string>;
  /** Where programs are to find the gateway in every session; 0: nowhere yet. */
  readonly port: { get(): number; set(port: number): void };
  readonly setup: () => Promise<GatewaySetup>;
  /** Default 5 s. */
  readonly setupTimeoutMs?: number;
  /** Before the first start after a crash; it doubles from crash to crash. Default 250. */
  readonly firstDelayMs?: number;
  /** It crashed too often, and is not started again unless somebody asks. */
  readonly onGivenUp: (message: string) => void;
  /** It was stopped, because it could not be told who pays; it starts again by itself once it can. */
  readonly onHeld: (message: string) => void;
}

/**
 * The gateway of this window, in a process of its own. It is started when first needed, and again after a crash, where
 * it was before; it ends with the window, for it lives only as long as its channel to us.
 */
export class GatewayProcess {
  readonly #options: GatewayProcessOptions;
  readonly #listeners = new Set<() => void>();
  #child: GatewayChild | undefined;
  #starting: Promise<Door> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #stops = 0;
  readonly #crashes: CrashSeries;
  readonly #balances = new Map<string, PayerBalance>();
  readonly #setups: Newest<GatewaySetup>;
  /** Where this window's gateway has been: programs may know that address. */
  #lastPort: number | undefined;
  #disposed = false;
  /** Where programs find the gateway; undefined while it does not run. */
  door: Door | undefined;
  /** Stopped, because nobody can say who pays. */
  held = false;

  constructor(options: GatewayProcessOptions) {
    this.#options = options;
    this.#crashes = new CrashSeries(options.firstDelayMs);
    this.#setups = new Newest(options.setup, options.setupTimeoutMs ?? setupTimeoutMs);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** It starts again by itself after a while, or, when it crashed too often, only when somebody asks. */
  get crashed(): boolean {
    return this.#crashes.hasBegun && !this.door;
  }

  /** Fires when `door` changed. */
  onDidChange(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Resolves when the gateway listens; starts it when it does not run. Rejects when it can't be started. */
  start(): Promise<Door> {
    if (this.#disposed) return Promise.reject(new Error('The window is closing.'));
    clearTimeout(this.#retry);
    if (this.#starting !== undefined) return this.#starting;
    const starting = this.#launch();
    this.#starting = starting;
    starting.catch((error: unknown) => {
      if (this.#starting !== starting) return;
      this.#starting = undefined;
      if (this.held) this.#pushLater();
      else if (this.crashed && !this.#crashes.isGivenUp) this.#crashedAgain(messageOf(error));
    });
    return starting;
  }

  /** Ends it, with what is in flight, and starts it anew. */
  async restart(): Promise<Door> {
    this.#crashes.forget();
    await this.stop();
    return await this.start();
  }

  /** Resolves when the process has ended. */
  async stop(): Promise<void> {
    this.held = false;
    await this.#end();
  }

  async #end(): Promise<void> {
    clearTimeout(this.#retry);
    const child = this.#child;
    this.#stops++;
    this.#starting = undefined;
    this.#child = undefined;
    this.#setDoor(undefined);
    await child?.end();
  }

  /**
   * Hands over what the gateway needs to know when that has changed. A gateway that can't be told who pays is stopped:
   * programs are better refused than billed to somebody else.
   */
  async push(): Promise<void> {
    if (!this.door && !this.held) return; // what is not started yet asks when it starts
    const answer = await this.#setups.ask();
    if (answer.kind === 'overtaken' || !(this.door || this.held)) return;
    if (answer.kind === 'failure') return await this.#hold(messageOf(answer.error));
    if (this.held) {
      await this.start().catch(() => undefined); // tried again later
      return;
    }
    this.#child?.configure(answer.value);
  }

  async #hold(why: string): Promise<void> {
    const first = !this.held;
    this.held = true;
    await this.#end();
    if (!this.held) return;
    this.#pushLater();
    if (!first) return;
    this.#options.log.error(`The gateway is stopped, because it can't be told who pays: ${why}`);
    this.#options.onHeld(why);
  }

  #pushLater(): void {
    if (this.#disposed) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.push(), heldPauseMs);
  }

  creditsReturned(): void {
    this.#child?.send({ kind: 'credits-returned' });
  }

  /** It is told to each gateway of this window, also to those that are started later. */
  balance(payer: string, balance: PayerBalance): void {
    if (this.#balances.get(payer)?.asOf === balance.asOf) return;
    this.#balances.set(payer, balance);
    this.#child?.send({ kind: 'balance', payer, balance });
  }

  release(limit?: string): void {
    this.#child?.send({ kind: 'release', limit });
  }

  cancel(limit?: string): void {
    this.#child?.send({ kind: 'cancel', limit });
  }

  dispose(): void {
    this.#disposed = true;
    this.#listeners.clear();
    void this.stop();
  }

  async #launch(): Promise<Door> {
    const options = this.#options;
    const stops = this.#stops;
    const [key, setup] = await Promise.all([options.key(), options.setup()]);
    if (this.#stops !== stops) throw new Error('The gateway was told to end.');
    const remembered = options.port.get();
    const url = await this.#listen(this.#lastPort ?? remembered, key, setup);
    this.#lastPort = Number(new URL(url).port);
    // one that was only taken for now stays the one of the next session
    if (remembered === 0) options.port.set(this.#lastPort);
    this.held = false;
    options.log.info(`The gateway listens at ${url}.`);
    const door = { url, key };
    for (const [payer, balance] of this.#balances) this.#child?.send({ kind: 'balance', payer, balance });
    this.#setDoor(door);
    void this.push(); // something may have changed meanwhile
    return door;
  }

  async #listen(near: number, key: string, setup: GatewaySetup): Promise<string> {
    const options = this.#options;
    const stops = this.#stops;
    return await listenNear(near, {
      listen: async port => {
        const child = new GatewayChild(options, { port, key, setup });
        this.#child = child;
        child.onExit((how, ranMs) => this.#exited(child, how, ranMs));
        return await child.listening;
      },
      isOver: () => this.#stops !== stops,
      onTaken: () => options.log.info(`Port ${near} is taken; the gateway takes another one for now.`),
    });
  }

  #exited(child: GatewayChild, how: string, ranMs: number): void {
    if (child !== this.#child) return;
    this.#child = undefined;
    if (!this.door) return; // whoever waits for its start is told
    // it is gone without having been told to go: it crashed, or somebody killed it
    this.#starting = undefined;
    this.#options.log.error(`The gateway ended with ${how} after ${Math.round(ranMs / 1000)} s.`);
    this.#crashedAgain(`it ended with ${how}`, ranMs);
    this.#setDoor(undefined);
  }

  /** After it listened, or, within a series of crashes, before: whoever asked for that start. */
  #crashedAgain(why: string, ranMs = 0): void {
    this.#crashes.crashed(ranMs);
    if (this.#disposed) return;
    if (this.#crashes.isGivenUp) {
      this.#options.onGivenUp(why);
      return;
    }
    const again = () => void this.start().catch(() => undefined); // counted there
    this.#retry = setTimeout(again, this.#crashes.delayMs);
  }

  #setDoor(door: Door | undefined): void {
    if (door?.url === this.door?.url && door?.key === this.door?.key) return;
    this.door = door;
    for (const listener of this.#listeners) listener();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
