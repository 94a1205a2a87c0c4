import type { IncomingMessage } from 'node:http';
import type { GatewayTimers } from '../options.ts';
import type { BodyShare } from './bodyShare.ts';

const stepBytes = 2 * 1024 * 1024;
const stepMs = 1_000;

/**
 * Reads the upload of a held request at 2 MiB/s. A disconnect shows only after the queued bytes, of which the system
 * keeps megabytes.
 */
export class ReadAhead {
  readonly #timers: GatewayTimers;
  readonly #share: BodyShare;
  readonly #request: IncomingMessage;
  #leftBytes = 0;
  #timer: object | number | undefined;

  constructor(timers: GatewayTimers, share: BodyShare, request: IncomingMessage) {
    this.#timers = timers;
    this.#share = share;
    this.#request = request;
    this.#step();
  }

  /** @param bytes read and kept since the last call */
  passed(bytes: number): void {
    this.#leftBytes -= bytes;
    if (this.#leftBytes <= 0 || this.#isFull) this.#request.pause();
  }

  stop(): void {
    if (this.#timer !== undefined) this.#timers.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** The other half is for bodies that are needed to send their requests. */
  get #isFull(): boolean {
    return this.#share.bytes >= this.#share.mostBytes / 2;
  }

  #step(): void {
    this.#timer = this.#timers.setTimeout(() => this.#step(), stepMs);
    if (this.#isFull) return;
    this.#leftBytes = stepBytes;
    this.#request.resume();
  }
}
