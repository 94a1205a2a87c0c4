import { type ChildProcess, fork } from 'node:child_process';
import type { Log } from '../../account/log.ts';
import type { GatewayConfig, GatewayEvent } from '../../gateway/options.ts';
import type { FromGateway, Network, ToGateway } from '../../gateway/processMessages.ts';
import type { GatewayAddress } from '../../gateway/programVariables.ts';
import { childEnvironment } from './childEnvironment.ts';

const startTimeoutMs = 10_000;
/** The process itself ends 5 s after the channel closes, with the requests then in flight. */
const stopTimeoutMs = 6_000;

export interface GatewaySetup {
  readonly config: GatewayConfig;
  readonly network: Network;
}

/** As the process is told them. */
export type GatewayPorts = Pick<Extract<ToGateway, { kind: 'start' }>, 'port' | 'hubPort'>;

export interface GatewayChildOptions {
  /** The CLI's file. */
  readonly file: string;
  /** Directory of the ledger. */
  readonly state: string;
  readonly userAgent: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly onEvent: (event: GatewayEvent) => void;
}

/** Another program listens on the port. */
export class PortNotFree extends Error {
  override readonly name = 'PortNotFree';
}

/** One gateway process from start to exit. It ends when its IPC channel to the editor closes. */
export class GatewayChild {
  readonly #child: ChildProcess;
  readonly #options: GatewayChildOptions;
  readonly #startedAt = Date.now();
  /** The last setup sent, as JSON. */
  #setup: string;
  /** It has exited, or `end` was called. */
  #isOver = false;
  /** Addresses of the gateway once it listens. Rejects with `PortNotFree` where another program does. */
  readonly listening: Promise<Omit<GatewayAddress, 'key'>>;

  /** @param ports 0: any free port */
  constructor(options: GatewayChildOptions, ports: GatewayPorts, key: string, setup: GatewaySetup) {
    const { log, state, userAgent } = options;
    this.#options = options;
    this.#child = fork(options.file, ['gateway', '--ipc'], {
      // see collectPassed.ts
      execArgv: ['--expose-gc'],
      env: childEnvironment(options.environment),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#setup = JSON.stringify(setup);
    for (const output of [this.#child.stdout, this.#child.stderr]) {
      output?.setEncoding('utf8').on('data', (text: string) => log.warn(`gateway: ${text.trim()}`));
    }
    this.send({ kind: 'start', ...ports, key, state, userAgent, ...setup });
    this.listening = this.#listens();
    this.onExit(() => {
      this.#isOver = true;
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  onExit(listener: (how: string, ranMs: number) => void): void {
    this.#child.once('exit', (code, signal) =>
      listener(String(code ?? signal), Date.now() - this.#startedAt),
    );
  }

  /** Sends the setup if it differs from the last one. False: it does not. */
  configure(setup: GatewaySetup): boolean {
    const text = JSON.stringify(setup);
    if (text === this.#setup) return false;
    this.#setup = text;
    this.send({ kind: 'configure', ...setup });
    return true;
  }

  send(message: ToGateway): void {
    // the channel may close meanwhile; `exit` follows then
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** Closes the channel; resolves when the process has exited. */
  end(): Promise<void> {
    this.#isOver = true;
    const child = this.#child;
    return new Promise(resolve => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      const late = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      this.onExit(() => {
        clearTimeout(late);
        resolve();
      });
      if (child.connected) child.disconnect();
    });
  }

  #listens(): GatewayChild['listening'] {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`The gateway did not start within ${startTimeoutMs / 1000} s.`));
        child.kill('SIGKILL');
      }, startTimeoutMs);
      child.once('error', error => {
        clearTimeout(late);
        reject(error);
      });
      this.onExit(how => {
        clearTimeout(late);
        reject(new Error(`The gateway ended with ${how}.`));
      });
      child.on('message', (message: FromGateway) => {
        switch (message.kind) {
          case 'listening':
            clearTimeout(late);
            if (this.#isOver) return reject(new Error('The gateway was stopped.'));
            return resolve({ url: message.url, hub: message.hub });
          case 'not-listening':
            return reject(notListening(message));
          case 'event':
            // the held requests of a gateway that is ending end with it
            if (message.event.kind !== 'held' || !this.#isOver) this.#options.onEvent(message.event);
            return;
          case 'log':
            return this.#options.log[message.level](`gateway: ${message.message}`);
        }
      });
    });
  }
}

/** Windows answers EACCES for a port that it has reserved since it was last free. */
function notListening({ code, message }: { readonly code?: string; readonly message: string }): Error {
  return code === 'EADDRINUSE' || code === 'EACCES' ? new PortNotFree(message) : new Error(message);
}
