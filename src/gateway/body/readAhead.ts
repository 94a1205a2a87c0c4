import type { IncomingMessage } from 'node:http';
import type { GatewayContext } from '../gatewayContext.ts';

const stepBytes = 2 * 1024 * 1024;
const stepMs = 1_000;
/** Nothing is read ahead while all requests together keep this much. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Reads the upload of a held request at 2 MiB/s. A disconnect shows only after the queued bytes, of which the system
 * keeps megabytes.
 */
export class ReadAhead {
  readonly #context: GatewayContext;
  readonly #request: IncomingMessage;
  #leftBytes = 0;
  #timer: object | number | undefined;

  constructor(context: GatewayContext, request: IncomingMessage) {
    this.#context = context;
    this.#request = request;
    this.#step();
  }

  /** @param bytes read and kept since the last call */
  passed(bytes: number): void {
    this.#leftBytes -= bytes;
    if (this.#leftBytes <= 0 || this.#context.bufferedBytes >= maxBytes) this.#request.pause();
  }

  stop(): void {
    if (this.#timer !== undefined) this.#context.timers.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #step(): void {
    this.#timer = this.#context.timers.setTimeout(() => this.#step(), stepMs);
    if (this.#context.bufferedBytes >= maxBytes) return;
    this.#leftBytes = stepBytes;
    this.#request.resume();
  }
}
