import { type ChildProcess, fork } from 'node:child_process';
import type { Log } from '../account/log.ts';
import type { GatewayConfig, GatewayEvent } from '../gateway/options.ts';
import type { FromGateway, Network } from '../gateway/processMessages.ts';
import type { Door } from '../gateway/programVariables.ts';
import type { PayerBalance } from '../limits/payerBalance.ts';
import { childEnvironment } from './childEnvironment.ts';
import { ended, notListening, PortNotFree, send } from './gatewayChild.ts';
import { Newest } from './newest.ts';

/** A process that ran this long was well: its end begins a new series of tries. */
const WELL_AFTER_MS = 60_000;
const FIRST_DELAY_MS = 250;
const MOST_CRASHES = 5;
/** Between the tries for the port that programs know: a gateway that ends may hold it for a while. */
const PORT_PAUSES_MS = [300, 700, 1_500];
const SETUP_TIMEOUT_MS = 5_000;
const HELD_PAUSE_MS = 10_000;
const START_TIMEOUT_MS = 10_000;

export interface GatewaySetup {
  readonly config: GatewayConfig;
  readonly network: Network;
}

export interface GatewayProcessOptions {
  /** The CLI's file. */
  readonly file: string;
  /** The ledger's folder. */
  readonly state: string;
  readonly userAgent: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The same for every start. */
  readonly key: () => Promise<string>;
  /** Where programs are to find the gateway in every session; 0: nowhere yet. */
  readonly port: { get(): number; set(port: number): void };
  readonly setup: () => Promise<GatewaySetup>;
  /** Default 5 s. */
  readonly setupTimeoutMs?: number;
  /** Before the first start after a crash; it doubles from crash to crash. Default 250. */
  readonly firstDelayMs?: number;
  readonly log: Log;
  readonly onEvent: (event: GatewayEvent) => void;
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
  private readonly options: GatewayProcessOptions;
  private readonly listeners = new Set<() => void>();
  private child: ChildProcess | undefined;
  private starting: Promise<Door> | undefined;
  private retry: NodeJS.Timeout | undefined;
  private crashes = 0;
  private stops = 0;
  private sent = '';
  private readonly balances = new Map<string, PayerBalance>();
  private readonly setups: Newest<GatewaySetup>;
  /** Where this window's gateway has been: programs may know that address. */
  private lastPort: number | undefined;
  private disposed = false;
  /** Where programs find the gateway; undefined while it does not run. */
  door: Door | undefined;
  /** Stopped, because nobody can say who pays. */
  held = false;

  constructor(options: GatewayProcessOptions) {
    this.options = options;
    this.setups = new Newest(options.setup, options.setupTimeoutMs ?? SETUP_TIMEOUT_MS);
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** It starts again by itself after a while, or, when it crashed too often, only when somebody asks. */
  get crashed(): boolean {
    return this.crashes > 0 && !this.door;
  }

  private get givenUp(): boolean {
    return this.crashes > MOST_CRASHES;
  }

  /** Fires when `door` changed. */
  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  /** Resolves when the gateway listens; starts it when it does not run. Rejects when it can't be started. */
  start(): Promise<Door> {
    if (this.disposed) return Promise.reject(new Error('The window is closing.'));
    clearTimeout(this.retry);
    if (this.starting !== undefined) return this.starting;
    const starting = this.launch();
    this.starting = starting;
    starting.catch((error: unknown) => {
      if (this.starting !== starting) return;
      this.starting = undefined;
      if (this.held) this.pushLater();
      else if (this.crashed && !this.givenUp) this.crashedAgain(messageOf(error));
    });
    return starting;
  }

  /** Ends it, with what is in flight, and starts it anew. */
  async restart(): Promise<Door> {
    this.crashes = 0;
    await this.stop();
    return await this.start();
  }

  /** Resolves when the process has ended. */
  async stop(): Promise<void> {
    this.held = false;
    await this.end();
  }

  private async end(): Promise<void> {
    clearTimeout(this.retry);
    const { child } = this;
    this.stops++;
    this.starting = undefined;
    this.child = undefined;
    this.setDoor(undefined);
    if (child) await ended(child);
  }

  /**
   * Hands over what the gateway needs to know when that has changed. A gateway that can't be told who pays is stopped:
   * programs are better refused than billed to somebody else.
   */
  async push(): Promise<void> {
    if (!this.door && !this.held) return; // what is not started yet asks when it starts
    const answer = await this.setups.ask();
    if (answer.kind === 'overtaken' || !(this.door || this.held)) return;
    if (answer.kind === 'failure') return await this.hold(messageOf(answer.error));
    if (this.held) {
      await this.start().catch(() => undefined); // tried again later
      return;
    }
    const text = JSON.stringify(answer.value);
    if (text === this.sent || !this.child) return;
    this.sent = text;
    send(this.child, { kind: 'configure', ...answer.value });
  }

  private async hold(why: string): Promise<void> {
    const first = !this.held;
    this.held = true;
    await this.end();
    if (!this.held) return;
    this.pushLater();
    if (!first) return;
    this.options.log.error(`The gateway is stopped, because it can't be told who pays: ${why}`);
    this.options.onHeld(why);
  }

  private pushLater(): void {
    if (this.disposed) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.push(), HELD_PAUSE_MS);
  }

  creditsReturned(): void {
    if (this.child) send(this.child, { kind: 'credits-returned' });
  }

  /** It is told to each gateway of this window, also to those that are started later. */
  balance(payer: string, balance: PayerBalance): void {
    if (this.balances.get(payer)?.asOf === balance.asOf) return;
    this.balances.set(payer, balance);
    if (this.child) send(this.child, { kind: 'balance', payer, balance });
  }

  release(limit?: string): void {
    if (this.child) send(this.child, { kind: 'release', limit });
  }

  cancel(limit?: string): void {
    if (this.child) send(this.child, { kind: 'cancel', limit });
  }

  dispose(): void {
    this.disposed = true;
    this.listeners.clear();
    void this.stop();
  }

  private async launch(): Promise<Door> {
    const { options, stops } = this;
    const [key, setup] = await Promise.all([options.key(), options.setup()]);
    if (this.stops !== stops) throw new Error('The gateway was told to end.');
    const remembered = options.port.get();
    const url = await this.listenNear(this.lastPort ?? remembered, key, setup);
    this.lastPort = Number(new URL(url).port);
    // one that was only taken for now stays the one of the next session
    if (remembered === 0) options.port.set(this.lastPort);
    this.held = false;
    options.log.info(`The gateway listens at ${url}.`);
    const door = { url, key };
    const { child } = this;
    if (child) for (const [payer, balance] of this.balances) send(child, { kind: 'balance', payer, balance });
    this.setDoor(door);
    void this.push(); // something may have changed meanwhile
    return door;
  }

  /** The gateway of the window before this one may just be ending, on the port that this one is to have. */
  private async listenNear(port: number, key: string, setup: GatewaySetup): Promise<string> {
    const { stops } = this;
    for (const pauseMs of [...PORT_PAUSES_MS, 0]) {
      try {
        return await this.listen(port, key, setup);
      } catch (error) {
        if (port === 0 || !(error instanceof PortNotFree)) throw error;
        await new Promise(resolve => setTimeout(resolve, pauseMs));
        if (this.stops !== stops) throw error;
      }
    }
    this.options.log.info(`Port ${port} is taken; the gateway takes another one for now.`);
    return await this.listen(0, key, setup);
  }

  private listen(port: number, key: string, setup: GatewaySetup): Promise<string> {
    const { log, state, userAgent, ...options } = this.options;
    const startedAt = Date.now();
    const child = fork(options.file, ['gateway', '--ipc'], {
      execArgv: [],
      env: childEnvironment(options.environment),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    this.sent = JSON.stringify(setup);
    for (const output of [child.stdout, child.stderr]) {
      output?.setEncoding('utf8').on('data', (text: string) => log.warn(`gateway: ${text.trim()}`));
    }
    send(child, { kind: 'start', port, key, state, userAgent, ...setup });
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`The gateway did not start within ${START_TIMEOUT_MS / 1000} s.`));
        child.kill('SIGKILL');
      }, START_TIMEOUT_MS);
      child.once('error', error => {
        clearTimeout(late);
        reject(error);
      });
      child.once('exit', (code, signal) => {
        clearTimeout(late);
        const how = String(code ?? signal);
        reject(new Error(`The gateway ended with ${how}.`));
        if (child === this.child) this.exited(how, Date.now() - startedAt);
      });
      child.on('message', (message: FromGateway) => {
        switch (message.kind) {
          case 'listening':
            clearTimeout(late);
            if (child === this.child) return resolve(message.url);
            return reject(new Error('The gateway was told to end.'));
          case 'not-listening':
            return reject(notListening(message));
          case 'event':
            // whoever still waits in one that is ending is no longer waited for
            if (message.event.kind === 'held' && child !== this.child) return;
            return options.onEvent(message.event);
          case 'log':
            return log[message.level](`gateway: ${message.message}`);
        }
      });
    });
  }

  /** It is gone without having been told to go: it crashed, or somebody killed it. */
  private exited(how: string, ranMs: number): void {
    this.child = undefined;
    if (!this.door) return; // whoever waits for its start is told
    this.starting = undefined;
    if (ranMs >= WELL_AFTER_MS) this.crashes = 0;
    this.options.log.error(`The gateway ended with ${how} after ${Math.round(ranMs / 1000)} s.`);
    this.crashedAgain(`it ended with ${how}`);
    this.setDoor(undefined);
  }

  /** After it listened, or, within a series of crashes, before: whoever asked for that start. */
  private crashedAgain(why: string): void {
    this.crashes++;
    if (this.disposed) return;
    if (this.givenUp) {
      this.options.onGivenUp(why);
      return;
    }
    const again = () => void this.start().catch(() => undefined); // counted there
    this.retry = setTimeout(again, (this.options.firstDelayMs ?? FIRST_DELAY_MS) * 2 ** (this.crashes - 1));
  }

  private setDoor(door: Door | undefined): void {
    if (door?.url === this.door?.url && door?.key === this.door?.key) return;
    this.door = door;
    for (const listener of this.listeners) listener();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
