import type { Socket } from 'node:net';
import type { ChunkedUpload } from './chunkedUpload.ts';
import { atEndOfTurn, type Pending } from './endOfTurn.ts';
import type { QuickRequest } from './quickRequest.ts';
import { ResponseError, ResponseParser, type ResponseSink } from './responseParser.ts';
import type { Reader } from './sharedReads.ts';

/** Undici's, in the form that is called without objects in between. */
export interface QuickHandler {
  onConnect(abort: (error?: Error) => void): void;
  onHeaders(status: number, headers: string[], resume: () => void, statusText: string): boolean;
  onData(chunk: Buffer): boolean;
  onComplete(trailers: string[]): void;
  onError(error: Error): void;
}

/** Bodies to this size go out as one string with the head. */
const mostInOneString = 8 * 1024;
/** As undici: what a server promises is believed but for the last 2 s, and to this length; without a promise, 4 s. */
const longestIdleMs = 30_000;
const usualIdleMs = 4_000;
const doubtMs = 2_000;

/** One connection, one request at a time. */
export class QuickConnection implements ResponseSink, Reader, Pending {
  readonly #socket: Socket;
  readonly #onIdle: (connection: QuickConnection) => void;
  readonly #parser = new ResponseParser(this);
  #handler: QuickHandler | undefined;
  #unsent = '';
  #upload: ChunkedUpload | undefined;
  #keepAlive = false;
  #idleMs = usualIdleMs;
  /** Monotonic ms until which it may be used again. */
  usableUntil = 0;

  /** @param onIdle it may be used again. @param onClosed it is gone. */
  constructor(
    socket: Socket,
    onIdle: (connection: QuickConnection) => void,
    onClosed: (connection: QuickConnection) => void,
  ) {
    this.#socket = socket;
    this.#onIdle = onIdle;
    socket.on('end', () => this.#ended());
    socket.on('error', error => this.#fail(error));
    socket.on('close', () => {
      this.#fail(disconnected());
      onClosed(this);
    });
  }

  get isUsable(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** @param isAlone no other request to that server is under way, which could go out along with it. */
  send({ method, head, body, upload }: QuickRequest, handler: QuickHandler, isAlone: boolean): void {
    const socket = this.#socket;
    this.#handler = handler;
    this.#keepAlive = false;
    socket.ref();
    handler.onConnect(this.#abort);
    // it may have given up meanwhile
    if (this.#handler !== handler) return;
    this.#parser.expect(method === 'HEAD');
    if (upload !== undefined) {
      this.#upload = upload;
      upload.begin(socket, head, error => this.#fail(error));
    } else if (body === undefined) socket.write(head, 'latin1');
    else if (body.length <= mostInOneString) {
      this.#unsent = head + body.toString('latin1');
      if (isAlone) this.endOfTurn();
      else atEndOfTurn(this);
    } else {
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(body);
      socket.uncork();
    }
  }

  endOfTurn(): void {
    const text = this.#unsent;
    this.#unsent = '';
    if (!this.#socket.destroyed) this.#socket.write(text, 'latin1');
  }

  read(bytes: Buffer): void {
    try {
      this.#parser.read(bytes);
    } catch (error) {
      if (!(error instanceof ResponseError)) throw error;
      this.#fail(error);
    }
  }

  destroy(error?: Error): void {
    if (error) this.#fail(error);
    this.#socket.destroy();
  }

  readonly #abort = (error?: Error): void => {
    if (this.#handler === undefined) return;
    this.#fail(error ?? Object.assign(new Error('Request aborted'), { code: 'UND_ERR_ABORTED' }));
  };

  readonly #resume = (): void => {
    this.#socket.resume();
  };

  head(status: number, statusText: string, headers: string[], keepAlive: boolean): void {
    this.#keepAlive = keepAlive;
    if (keepAlive) this.#idleMs = idleMsOf(headers);
    if (this.#handler?.onHeaders(status, headers, this.#resume, statusText) === false) this.#socket.pause();
  }

  data(chunk: Buffer): void {
    if (this.#handler?.onData(chunk) === false) this.#socket.pause();
  }

  end(trailers: string[]): void {
    const handler = this.#handler;
    if (handler === undefined) return;
    this.#handler = undefined;
    handler.onComplete(trailers);
    const socket = this.#socket;
    if (this.#stopUpload() || !this.#keepAlive) {
      socket.destroy();
      return;
    }
    socket.unref();
    if (socket.isPaused()) socket.resume();
    this.usableUntil = performance.now() + this.#idleMs;
    // a server that closes in spite of its promise is noticed by then
    setImmediate(this.#onIdle, this);
  }

  #ended(): void {
    if (!this.#parser.ended()) this.#fail(disconnected());
  }

  /** Whatever was under way is over, and the connection with it. */
  #fail(error: Error): void {
    const handler = this.#handler;
    this.#handler = undefined;
    this.#stopUpload();
    this.#socket.destroy();
    handler?.onError(error);
  }

  /** True: upstream does not have all of it. */
  #stopUpload(): boolean {
    const upload = this.#upload;
    if (upload === undefined) return false;
    this.#upload = undefined;
    const isCut = !upload.isOver;
    upload.stop();
    return isCut;
  }
}

/** In undici's words. */
function disconnected(): Error {
  return Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
}

function idleMsOf(headers: readonly string[]): number {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]?.length !== 10 || headers[index]?.toLowerCase() !== 'keep-alive') continue;
    const seconds = /timeout=(\d{1,6})/.exec(headers[index + 1] ?? '')?.[1];
    if (seconds !== undefined) return Math.min(longestIdleMs, Number(seconds) * 1000 - doubtMs);
  }
  return usualIdleMs;
}
