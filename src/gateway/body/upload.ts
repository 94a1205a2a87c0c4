import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { collectPassed } from '../relay/collectPassed.ts';

/**
 * A request body on its way upstream, with back-pressure. undici destroys the body that it is given: were that
 * node:http's request, the client's connection would never be read again.
 */
export class Upload extends Readable {
  readonly #request: IncomingMessage;
  readonly #read: () => void;

  /** @param begun the part that was read already. @param read reads on */
  constructor(request: IncomingMessage, begun: readonly Buffer[], read: () => void) {
    super({ highWaterMark: 128 * 1024 });
    this.#request = request;
    this.#read = read;
    for (const chunk of begun) this.push(chunk);
    if (request.complete && request.readableEnded) this.push(null);
  }

  append(chunk: Buffer): void {
    collectPassed(chunk.length);
    if (!this.destroyed && !this.push(chunk)) this.#request.pause();
  }

  finish(): void {
    if (!this.destroyed) this.push(null);
  }

  override _read(): void {
    this.#read();
  }

  /** The rest is read and dropped, so that the client gets to read its response. */
  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#request.resume();
    callback(error);
  }
}
