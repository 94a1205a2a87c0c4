import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { lastChunk, type Trailers } from './trailers.ts';

/** A request's body on its way in chunks, with trailers behind it, as fast as the connection takes it. */
export class ChunkedUpload {
  readonly #body: Buffer | Readable;
  readonly #trailers: Trailers;
  #socket: Socket | undefined;
  /** A body that is not there as a whole. */
  #stream: Readable | undefined;
  #isOver = false;

  constructor(body: Buffer | Readable, trailers: Trailers) {
    this.#body = body;
    this.#trailers = trailers;
  }

  /** Nothing is left to send. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** @param head to the empty line. @param failed the body broke off, so the request can't be completed. */
  begin(socket: Socket, head: string, failed: (error: Error) => void): void {
    const body = this.#body;
    this.#socket = socket;
    socket.cork();
    socket.write(head, 'latin1');
    if (Buffer.isBuffer(body)) {
      this.#write(body);
      this.#finish();
    } else {
      this.#stream = body;
      const broken = (error: Error) => {
        if (!this.#isOver) failed(error);
      };
      body.on('data', (chunk: Buffer) => {
        if (!this.#isOver && !this.#write(chunk)) body.pause();
      });
      body.on('end', () => this.#finish());
      body.on('error', broken);
      body.on('close', () => broken(brokenOff()));
      socket.on('drain', this.#drained);
    }
    socket.uncork();
  }

  /** Nothing more of it is wanted. */
  stop(): void {
    if (this.#isOver) return;
    this.#end();
    this.#stream?.destroy();
  }

  readonly #drained = (): void => {
    this.#stream?.resume();
  };

  /** False: the connection is full. */
  #write(chunk: Buffer): boolean {
    const socket = this.#socket;
    // one without bytes would be the last one
    if (socket === undefined || chunk.length === 0) return true;
    socket.cork();
    socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
    socket.write(chunk);
    const takesMore = socket.write('\r\n', 'latin1');
    socket.uncork();
    return takesMore;
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#socket?.write(lastChunk(this.#trailers), 'latin1');
    this.#end();
  }

  #end(): void {
    this.#isOver = true;
    this.#socket?.off('drain', this.#drained);
  }
}

/** In undici's words. */
function brokenOff(): Error {
  return Object.assign(new Error('Request aborted'), { code: 'UND_ERR_ABORTED' });
}
