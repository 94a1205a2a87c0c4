import { atEndOfTurn, type Pending } from '../../hub/endOfTurn.ts';
import type { GatewayResponse } from '../gatewayContext.ts';
import { latin1 } from '../latin1.ts';
import { countPassed } from '../reclaim.ts';
import { type RawHeaders, type ResponseHead, readTrailers } from './responseHead.ts';
import { Observation } from './usageObservation.ts';

/** How long a client may take to read the rest of a response that broke off. */
const lingerMs = 30_000;
const mostInOnePiece = 8 * 1024;

/** One upstream response on its way to the client: in order, as it came, with back-pressure, nothing held back. */
export class Relay implements Pending {
  readonly #response: GatewayResponse;
  readonly #hasLength: boolean;
  /** Of a body that goes out in one piece with the headers when it comes in one; else 0. */
  readonly #shortLength: number;
  readonly #resume: () => void;
  #first: Buffer | undefined;
  #flushed = false;
  #paused = false;
  /** What is kept for the record. */
  readonly observation: Observation | undefined;

  /** @param resume lets upstream go on. */
  constructor(
    response: GatewayResponse,
    head: ResponseHead,
    headers: string[],
    resume: () => void,
    observes: 'nothing' | 'usage' | 'usage-of-messages',
  ) {
    this.#response = response;
    const { contentLength = 0 } = head;
    this.#hasLength = head.contentLength !== undefined;
    this.#shortLength = contentLength <= mostInOnePiece ? contentLength : 0;
    this.#resume = resume;
    this.observation =
      observes === 'nothing'
        ? undefined
        : new Observation(observes === 'usage-of-messages' || !head.isEventStream, head.contentEncoding);
    response.sendDate = false;
    const { status, statusText } = head;
    if (statusText === '' || !printable.test(statusText)) response.writeHead(status, headers);
    else response.writeHead(status, statusText, headers);
    if (this.#shortLength === 0) process.nextTick(flushRelay, this);
  }

  /** False: upstream is to wait until `resume` is called. */
  data(chunk: Buffer): boolean {
    countPassed(chunk.length);
    this.observation?.see(chunk);
    if (!this.#flushed && this.#shortLength === 0) return this.#begin(chunk);
    if (!this.#flushed && this.#first === undefined) {
      // held until the end of this turn of the loop: a small answer is complete by then, and goes out in one piece
      this.#first = chunk;
      if (chunk.length < this.#shortLength) this.flush();
      return true;
    }
    this.flush();
    return this.#write(chunk);
  }

  end(trailers: RawHeaders | null): void {
    if (trailers !== null && trailers.length > 0) this.#response.addTrailers(readTrailers(trailers));
    this.#flushed = true;
    const first = this.#first;
    if (first === undefined) this.#response.end();
    else if (this.#hasLength && first.length <= mostInOnePiece) atEndOfTurn(this);
    else this.#response.end(first);
  }

  /** As a string it goes out in one piece with the headers, which are one, too. */
  endOfTurn(): void {
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined) this.#response.end(latin1(first), 'latin1');
  }

  /** Sends what is there: the headers, and the first part of the body if it came along. */
  flush(): void {
    if (this.#flushed || this.#response.destroyed) return;
    this.#flushed = true;
    const first = this.#first;
    this.#first = undefined;
    if (first === undefined) this.#response.flushHeaders();
    else this.#write(first);
  }

  drained(): void {
    this.#paused = false;
    this.#resume();
  }

  /** Upstream broke off: so does the client's response, behind all that came. Never with a proper end. */
  breakOff(): void {
    this.flush();
    const { socket } = this.#response;
    if (socket === null) return;
    socket.setTimeout(lingerMs, () => socket.destroy());
    // without chunks or a length, an orderly end would look like the body's
    if (this.#response.chunkedEncoding || this.#hasLength) socket.destroySoon();
    else socket.resetAndDestroy();
  }

  /**
   * A stream's first part goes out with the headers, and before the next one is looked at: a read may bring hundreds.
   * Node's own cork would hold it until all of them have been written.
   */
  #begin(chunk: Buffer): boolean {
    this.#flushed = true;
    const goesOn = this.#write(chunk);
    this.#response.socket?.uncork();
    return goesOn;
  }

  #write(chunk: Buffer): boolean {
    if (this.#response.write(chunk)) return !this.#paused;
    if (!this.#paused) this.#response.once('drain', onResponseDrain);
    this.#paused = true;
    return false;
  }
}

const printable = /^[\t\x20-\x7e\x80-\xff]*$/;

function flushRelay(relay: Relay): void {
  relay.flush();
}

function onResponseDrain(this: GatewayResponse): void {
  this.exchange?.drained();
}
