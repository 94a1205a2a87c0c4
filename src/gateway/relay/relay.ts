import type { ServerResponse } from 'node:http';
import { longestReason } from '../../limits/bounds.ts';
import { collectPassed } from './collectPassed.ts';
import type { HubAddresses } from './hubAddresses.ts';
import { isShort, type RawHeaders, type ResponseHead, readTrailers } from './responseHead.ts';
import { UsageObservation } from './usageObservation.ts';

/** Time for a client to read the rest of a response that broke off. */
const lingerMs = 30_000;

/** Lets the upstream connection wait. */
export interface Flow {
  pause(): void;
  resume(): void;
}

/** One upstream response on its way to the client: in order, as it came, with back-pressure, nothing held back. */
export class Relay {
  readonly #response: ServerResponse;
  readonly #flow: Flow;
  readonly #step: (run: () => void) => void;
  readonly #hasLength: boolean;
  /** 0 unless the body is short and its length is known. */
  readonly #shortLength: number;
  #held: Buffer | undefined;
  #headSent = false;
  #isPaused = false;
  /** Undefined when the body tells nothing of usage. */
  readonly observation: UsageObservation | undefined;
  /** Replaces addresses in the body. */
  readonly #addresses: HubAddresses | undefined;

  /** @param step runs what is left for later, and may throw */
  constructor(
    response: ServerResponse,
    head: ResponseHead,
    headers: string[],
    flow: Flow,
    observes: 'nothing' | 'usage' | 'usage-of-messages',
    step: (run: () => void) => void,
    addresses?: HubAddresses,
  ) {
    this.#response = response;
    this.#flow = flow;
    this.#step = step;
    this.#addresses = addresses;
    const { status, statusText, contentLength = 0, contentEncoding, isEventStream } = head;
    this.#hasLength = head.contentLength !== undefined;
    this.#shortLength = isShort(head) ? contentLength : 0;
    if (observes !== 'nothing') {
      const keepsFirst = observes === 'usage-of-messages' || !isEventStream;
      this.observation = new UsageObservation(keepsFirst, contentEncoding);
    }
    response.sendDate = false;
    if (statusText.length <= longestReason && printable.test(statusText))
      response.writeHead(status, statusText, headers);
    else response.writeHead(status, headers);
    if (this.#shortLength === 0) process.nextTick(() => this.#step(() => this.#flush()));
  }

  data(chunk: Buffer): void {
    collectPassed(chunk.length);
    this.observation?.see(chunk);
    if (this.#addresses) this.#writePart(this.#addresses.push(chunk));
    else if (!this.#headSent && this.#shortLength === chunk.length) this.#held = chunk;
    else if (this.#headSent || this.#shortLength > 0) this.#write(chunk);
    else this.#begin(chunk);
  }

  end(trailers: RawHeaders): void {
    const fields = readTrailers(trailers);
    if (fields.length > 0) this.#response.addTrailers(fields);
    if (this.#addresses) this.#writePart(this.#addresses.end());
    this.#headSent = true;
    const held = this.#held;
    if (!held) this.#response.end();
    // As a string it goes out in one write with the head; after this loop turn's reads, because each write wakes the
    // client's core, and writes that follow each other wake it once.
    else setImmediate(() => this.#step(() => this.#response.end(held.toString('latin1'), 'latin1')));
  }

  /** Upstream broke off: so does the response, behind all that came, and never with a proper end. */
  breakOff(): void {
    if (this.#addresses) this.#writePart(this.#addresses.end());
    this.#flush();
    const { socket } = this.#response;
    if (socket === null) return;
    socket.setTimeout(lingerMs, () => socket.destroy());
    // without chunks or a length, an orderly end would look like the body's
    if (this.#response.chunkedEncoding || this.#hasLength) socket.destroySoon();
    else socket.resetAndDestroy();
  }

  #flush(): void {
    if (this.#headSent || this.#response.destroyed) return;
    // `flushHeaders` would encode header bytes above 0x7f a second time
    this.#write(this.#held ?? nothing);
    this.#held = undefined;
  }

  /** The first part of a stream goes out before the next one is looked at: one read may bring hundreds. */
  #begin(chunk: Buffer): void {
    this.#write(chunk);
    this.#response.socket?.uncork();
  }

  #writePart(part: Buffer): void {
    if (part.length > 0) this.#write(part);
  }

  #write(chunk: Buffer): void {
    this.#headSent = true;
    if (this.#response.write(chunk) || this.#isPaused) return;
    this.#isPaused = true;
    this.#flow.pause();
    this.#response.once('drain', () =>
      this.#step(() => {
        this.#isPaused = false;
        this.#flow.resume();
      }),
    );
  }
}

const nothing = Buffer.alloc(0);
const printable = /^[\t\x20-\x7e]+$/;
