import type { Socket } from 'node:net';
import { Agent, type buildConnector, type Dispatcher } from 'undici';
import { QuickConnection, type QuickHandler } from './quickConnection.ts';
import { isQuick, type QuickRequest, quickRequest } from './quickRequest.ts';
import type { ReadingSocket } from './sharedReads.ts';
import type { TrailedOptions } from './trailers.ts';

/** How often connections that nobody used are looked for. */
const sweepMs = 4_000;

interface Origin {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
  /** As in the header. */
  readonly host: string;
  /** Open ones. */
  readonly connections: Set<QuickConnection>;
  /** Of these. The last one used is the next one. */
  readonly idle: QuickConnection[];
}

export interface QuickAgentOptions extends Agent.Options {
  readonly connect: buildConnector.connector;
  /** For requests that go the shorter way: its sockets have `sharedReads`. Else `connect` serves them, too. */
  readonly quickConnect?: buildConnector.connector;
}

/**
 * Undici's agent, with a shorter way for the requests that there are most of: with a whole body, and no time limits
 * of their own. Undici takes twice the time for them. Those with trailers go it, too, since undici can't send any.
 * Everything else, and what is not plainly valid, goes its way.
 */
export class QuickAgent extends Agent {
  readonly #connect: buildConnector.connector;
  readonly #sharesReads: boolean;
  readonly #origins = new Map<string, Origin>();
  #sweeping: NodeJS.Timeout | undefined;
  #isClosed = false;
  #destroyed: Error | undefined;
  /** Connections that are being made. */
  #opening = 0;
  #afterLast: (() => void) | undefined;

  constructor({ quickConnect, ...options }: QuickAgentOptions) {
    super(options);
    this.#connect = quickConnect ?? options.connect;
    this.#sharesReads = quickConnect !== undefined;
  }

  override dispatch(options: TrailedOptions, handler: Dispatcher.DispatchHandler): boolean {
    const origin = this.#isClosed || !isQuick(options, handler) ? undefined : this.#origin(options.origin);
    const request = origin && quickRequest(options, origin.host);
    if (origin === undefined || request === undefined) return super.dispatch(options, handler);
    const connection = takeIdle(origin);
    const isAlone = origin.connections.size - origin.idle.length === 1;
    if (connection) connection.send(request, handler as unknown as QuickHandler, isAlone);
    else this.#open(origin, request, handler as unknown as QuickHandler);
    return true;
  }

  /** Those in use end with their requests. */
  override close(): Promise<void>;
  override close(callback: () => void): void;
  override close(callback?: () => void): Promise<void> | undefined {
    if (callback === undefined) return new Promise(resolve => this.close(resolve));
    this.#end();
    for (const { idle } of this.#origins.values()) for (const connection of [...idle]) connection.destroy();
    this.#afterLast = () => super.close(callback);
    this.#checkLast();
    return undefined;
  }

  override destroy(): Promise<void>;
  override destroy(error: Error | null): Promise<void>;
  override destroy(callback: () => void): void;
  override destroy(error: Error | null, callback: () => void): void;
  override destroy(error?: Error | null | (() => void), callback?: () => void): Promise<void> | undefined {
    const reason = error instanceof Error ? error : null;
    const done = typeof error === 'function' ? error : callback;
    if (done === undefined) return new Promise(resolve => this.destroy(reason, resolve));
    this.#end();
    this.#destroyed =
      reason ?? Object.assign(new Error('The client is destroyed'), { code: 'UND_ERR_DESTROYED' });
    for (const { connections } of this.#origins.values()) {
      for (const connection of [...connections]) connection.destroy(this.#destroyed);
    }
    super.destroy(reason, done);
    return undefined;
  }

  #checkLast(): void {
    const isOpen = [...this.#origins.values()].some(({ connections }) => connections.size > 0);
    if (this.#opening > 0 || isOpen) return;
    this.#afterLast?.();
    this.#afterLast = undefined;
  }

  #end(): void {
    this.#isClosed = true;
    clearInterval(this.#sweeping);
  }

  #origin(url: Dispatcher.DispatchOptions['origin']): Origin | undefined {
    const key = String(url);
    const known = this.#origins.get(key);
    if (known || !URL.canParse(key)) return known;
    const { protocol, hostname, port, host } = new URL(key);
    if (protocol !== 'https:' && protocol !== 'http:') return undefined;
    const origin = {
      protocol,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      host,
      connections: new Set<QuickConnection>(),
      idle: [],
    };
    this.#origins.set(key, origin);
    return origin;
  }

  #open(origin: Origin, request: QuickRequest, handler: QuickHandler): void {
    const { protocol, hostname, port, host } = origin;
    this.#opening += 1;
    this.#connect({ protocol, hostname, port, host }, (...[error, socket]) => {
      this.#opening -= 1;
      const reason = error ?? this.#destroyed;
      if (reason) {
        socket?.destroy();
        handler.onError(reason);
        this.#checkLast();
      } else this.#use(socket as Socket, origin).send(request, handler, false);
    });
  }

  #use(socket: Socket, origin: Origin): QuickConnection {
    const connection = new QuickConnection(
      socket,
      idle => this.#putBack(idle, origin),
      closed => {
        origin.connections.delete(closed);
        const index = origin.idle.indexOf(closed);
        if (index >= 0) origin.idle.splice(index, 1);
        this.#checkLast();
      },
    );
    if (this.#sharesReads) (socket as ReadingSocket).reader = connection;
    else socket.on('data', (bytes: Buffer) => connection.read(bytes));
    origin.connections.add(connection);
    return connection;
  }

  #putBack(connection: QuickConnection, origin: Origin): void {
    if (this.#isClosed) connection.destroy();
    else if (connection.isUsable) origin.idle.push(connection);
    this.#sweeping ??= setInterval(() => this.#sweep(), sweepMs).unref();
  }

  #sweep(): void {
    const now = performance.now();
    for (const { idle } of this.#origins.values()) {
      for (const connection of [...idle]) if (connection.usableUntil < now) connection.destroy();
    }
  }
}

function takeIdle({ idle }: Origin): QuickConnection | undefined {
  for (;;) {
    const connection = idle.pop();
    if (connection === undefined) return undefined;
    if (connection.isUsable && connection.usableUntil > performance.now()) return connection;
    connection.destroy();
  }
}
