import type { GatewayRequest, Hall } from '../gatewayContext.ts';

const stepBytes = 2 * 1024 * 1024;
const stepMs = 1_000;
/** When all requests together keep so much, nothing is read ahead. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Reads the upload of a request that waits for its turn, a part at once and another one each second. That a client has
 * gone stands behind what it sent, of which the system keeps megabytes: who does not read never knows.
 */
export class ReadAhead {
  readonly #hall: Hall;
  readonly #request: GatewayRequest;
  #left = 0;
  #timer: object | number | undefined;

  constructor(hall: Hall, request: GatewayRequest) {
    this.#hall = hall;
    this.#request = request;
    this.#step();
  }

  #step(): void {
    this.#timer = this.#hall.timers.setTimeout(() => this.#step(), stepMs);
    if (this.#hall.bufferedBytes >= mostBytes) return;
    this.#left = stepBytes;
    this.#request.resume();
  }

  /** So much was read, and is kept. */
  passed(bytes: number): void {
    this.#left -= bytes;
    if (this.#left <= 0 || this.#hall.bufferedBytes >= mostBytes) this.#request.pause();
  }

  stop(): void {
    if (this.#timer !== undefined) this.#hall.timers.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
