import { type ChildProcess, fork } from 'node:child_process';
import type { Log } from '../../account/log.ts';
import type { GatewayConfig, GatewayEvent } from '../../gateway/options.ts';
import type { FromGateway, Network, ToGateway } from '../../gateway/processMessages.ts';
import { childEnvironment } from '../programs/childEnvironment.ts';
import { PortNotFree } from './gatewayPort.ts';

const startTimeoutMs = 10_000;
/** The process ends by itself 5 s after it is told to, with what is in flight then. */
const stopTimeoutMs = 6_000;

export interface GatewaySetup {
  readonly config: GatewayConfig;
  readonly network: Network;
}

export interface GatewayChildOptions {
  /** The CLI's file. */
  readonly file: string;
  /** The ledger's folder. */
  readonly state: string;
  readonly userAgent: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly onEvent: (event: GatewayEvent) => void;
}

export interface GatewayStart {
  /** 0: any that is free. */
  readonly port: number;
  readonly key: string;
  readonly setup: GatewaySetup;
}

/** One process of the gateway, from its start to its end. It lives only as long as its channel to us. */
export class GatewayChild {
  readonly #child: ChildProcess;
  readonly #options: GatewayChildOptions;
  readonly #startedAt = Date.now();
  /** What it was told last. */
  #setup: string;
  /** It was let go, or is gone: nobody waits for what it still says. */
  #isOver = false;
  /** Its address, once it listens. Rejects with `PortNotFree` where another program does. */
  readonly listening: Promise<string>;

  constructor(options: GatewayChildOptions, { port, key, setup }: GatewayStart) {
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
    this.send({ kind: 'start', port, key, state, userAgent, ...setup });
    this.listening = this.#listens();
    this.onExit(() => {
      this.#isOver = true;
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** It has ended, whoever ended it. */
  onExit(listener: (how: string, ranMs: number) => void): void {
    this.#child.once('exit', (code, signal) =>
      listener(String(code ?? signal), Date.now() - this.#startedAt),
    );
  }

  /** Nothing is sent that it knows. */
  configure(setup: GatewaySetup): void {
    const text = JSON.stringify(setup);
    if (text === this.#setup) return;
    this.#setup = text;
    this.send({ kind: 'configure', ...setup });
  }

  send(message: ToGateway): void {
    // a process that is just ending can't be told any more, and its end is told in `exit`
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** Lets it go, and resolves when it has ended. */
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

  #listens(): Promise<string> {
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
            return this.#isOver ? reject(new Error('The gateway was told to end.')) : resolve(message.url);
          case 'not-listening':
            return reject(notListening(message));
          case 'event':
            return this.#tell(message.event);
          case 'log':
            return this.#options.log[message.level](`gateway: ${message.message}`);
        }
      });
    });
  }

  #tell(event: GatewayEvent): void {
    // whoever still waits in one that is ending is no longer waited for
    if (event.kind !== 'held' || !this.#isOver) this.#options.onEvent(event);
  }
}

/** Of a port that was free once, Windows says EACCES when it has reserved it since. */
function notListening({ code, message }: { readonly code?: string; readonly message: string }): Error {
  return code === 'EADDRINUSE' || code === 'EACCES' ? new PortNotFree(message) : new Error(message);
}
