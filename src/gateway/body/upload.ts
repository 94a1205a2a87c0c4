import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { countPassed } from '../reclaim.ts';

/**
 * A request's body on its way upstream, with back-pressure. It stands between node:http's request and undici, which
 * destroys the body that it is given: the client's connection would never read the rest of an upload again.
 */
export class Upload extends Readable {
  readonly #request: IncomingMessage;

  /** @param begun what was read of the body already. */
  constructor(request: IncomingMessage, begun: readonly Buffer[]) {
    super({ highWaterMark: 128 * 1024 });
    this.#request = request;
    for (const chunk of begun) this.push(chunk);
    if (request.complete && request.readableEnded) this.push(null);
  }

  /** The next part; stops the client while upstream is slower. */
  append(chunk: Buffer): void {
    countPassed(chunk.length);
    if (!this.destroyed && !this.push(chunk)) this.#request.pause();
  }

  finish(): void {
    if (!this.destroyed) this.push(null);
  }

  override _read(): void {
    this.#request.resume();
  }

  /** Upstream wants no more of it: the rest is read and dropped, so that the client gets to read the answer. */
  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#request.resume();
    callback(error);
  }
}
