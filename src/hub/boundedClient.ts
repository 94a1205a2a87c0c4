import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { type buildConnector, Client, type Dispatcher, errors, Pool } from 'undici';
import { mostBytesBeforeAnswer, mostInterimAnswers } from '../limits/bounds.ts';
import { upstreamShare } from './descriptorLimit.ts';

/** undici's `factory` of an Agent. */
export function boundedPool(origin: string | URL, options: object): Dispatcher {
  return new Pool(origin, { ...options, factory: (to, shared) => new BoundedClient(to, shared) });
}

/** One connection to a server. undici itself bounds the head of an answer, but not what comes before or within it. */
class BoundedClient extends Client {
  readonly #connection: Connection;

  constructor(origin: URL, options: object, connection = new Connection()) {
    super(origin, connection.watched(options));
    this.#connection = connection;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return super.dispatch(options, new BoundedAnswer(this.#connection, handler));
  }
}

/** Connections of this process, also those that are not open yet. */
let connections = 0;

class Connection {
  #socket: Socket | undefined;
  /** Bytes that were parsed before the request was sent; undefined once its answer has begun. */
  #readBefore: number | undefined;
  #exceeded: (() => void) | undefined;

  /** undici's options, with a connector that tells of its socket. */
  watched(options: Client.Options): Client.Options {
    const { connect } = options;
    if (typeof connect !== 'function') return options;
    return { ...options, connect: (to, callback) => this.#connect(connect, to, callback) };
  }

  awaitAnswer(exceeded: () => void): void {
    this.#readBefore = this.#read;
    this.#exceeded = exceeded;
  }

  answered(): void {
    this.#readBefore = undefined;
    this.#exceeded = undefined;
  }

  #connect(
    connect: buildConnector.connector,
    to: buildConnector.Options,
    callback: buildConnector.Callback,
  ): unknown {
    if (upstreamShare !== undefined && connections >= upstreamShare) {
      const error = new Error('The share of connections upstream is used up');
      return callback(Object.assign(error, { code: 'EMFILE' }), null);
    }
    const connecting: unknown = connect(to, (...result) => {
      const [, socket] = result;
      if (socket) {
        this.#socket = socket;
        socket.on('readable', () => this.#check()).once('close', () => (connections -= 1));
      } else connections -= 1;
      callback(...result);
    });
    connections += 1;
    // undici gives up a connection through the socket
    return connecting;
  }

  /** Bytes that were parsed. */
  get #read(): number {
    return this.#socket ? this.#socket.bytesRead - this.#socket.readableLength : 0;
  }

  #check(): void {
    if (this.#readBefore !== undefined && this.#read - this.#readBefore > mostBytesBeforeAnswer) {
      this.#exceeded?.();
    }
  }
}

/** Ends an exchange whose answer does not begin within the bounds. */
class BoundedAnswer implements Dispatcher.DispatchHandler {
  readonly #connection: Connection;
  readonly #handler: Dispatcher.DispatchHandler;
  #interim = 0;

  constructor(connection: Connection, handler: Dispatcher.DispatchHandler) {
    this.#connection = connection;
    this.#handler = handler;
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.#connection.awaitAnswer(() => abort(controller));
    this.#handler.onRequestStart?.(controller, context);
  }

  onRequestUpgrade(
    ...upgrade: Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestUpgrade']>>
  ): void {
    this.#connection.answered();
    this.#handler.onRequestUpgrade?.(...upgrade);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    statusText?: string,
  ): void {
    if (status >= 200) this.#connection.answered();
    else if (++this.#interim > mostInterimAnswers) {
      abort(controller);
      return;
    }
    this.#handler.onResponseStart?.(controller, status, headers, statusText);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#handler.onResponseData?.(controller, chunk);
  }

  onResponseEnd(controller: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    this.#handler.onResponseEnd?.(controller, trailers);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    this.#connection.answered();
    this.#handler.onResponseError?.(controller, error);
  }
}

function abort(controller: Dispatcher.DispatchController): void {
  controller.abort(new errors.HeadersOverflowError('Too much comes before the answer'));
}
