import type { Socket } from 'node:net';
import {
  mostRequestsPerConnection,
  readerPatienceTicks,
  strangersReaderPatienceTicks,
} from '../../limits/bounds.ts';
import type { ActiveExchange } from '../inFlight.ts';

export interface ConnectionListener {
  becameIdle(connection: Connection): void;
  becameBusy(connection: Connection): void;
  /** One more request of the connection may wait for earlier ones. */
  mayWait(connection: Connection): boolean;
  /** @param requests of a connection without the key that wait from now on; negative: no more */
  waits(requests: number): void;
}

/**
 * One client connection and its requests. node:http announces each request of a pipeline as it is parsed: those beyond
 * the bound wait here, and the socket is paused, so at most the rest of what was read (64 KiB) waits.
 */
export class Connection {
  readonly socket: Socket;
  /** Beyond the most that the gateway takes: its request gets a 503. */
  readonly isTurnedAway: boolean;
  /** Round of `Connections` in which it became idle. */
  idleSince = 0;
  readonly #listener: ConnectionListener;
  /** In order of arrival. */
  readonly #exchanges: ActiveExchange[] = [];
  #waiting: (() => void)[] | undefined;
  #isKeyed = false;
  #unsentBytes = 0;
  #writtenBytes = 0;
  /** Tick at which the client had last read something. */
  #readTick = 0;

  constructor(socket: Socket, listener: ConnectionListener, isTurnedAway: boolean) {
    this.socket = socket;
    this.isTurnedAway = isTurnedAway;
    this.#listener = listener;
  }

  /** A request with the key was admitted. A token of the caller's own is no proof: any text may be one. */
  get isKeyed(): boolean {
    return this.#isKeyed;
  }

  get isIdle(): boolean {
    return this.#exchanges.length === 0;
  }

  /** Requests wait for earlier ones. */
  get isHeld(): boolean {
    return this.#waiting !== undefined && this.#waiting.length > 0;
  }

  get exchanges(): readonly ActiveExchange[] {
    return this.#exchanges;
  }

  showedKey(): void {
    if (this.#isKeyed) return;
    this.#listener.waits(-(this.#waiting?.length ?? 0));
    this.#isKeyed = true;
  }

  /** @param start begins an exchange, now or after earlier requests */
  request(start: () => void): void {
    if (this.#exchanges.length < mostRequestsPerConnection && !this.isHeld) start();
    else if (this.socket.destroyed || !this.#listener.mayWait(this)) this.socket.destroy();
    else this.#wait(start);
  }

  began(exchange: ActiveExchange): void {
    if (this.#exchanges.push(exchange) === 1) this.#listener.becameBusy(this);
  }

  ended(exchange: ActiveExchange): void {
    const index = this.#exchanges.indexOf(exchange);
    if (index < 0) return;
    this.#exchanges.splice(index, 1);
    const next = this.#waiting?.shift();
    if (next) {
      if (!this.#isKeyed) this.#listener.waits(-1);
      next();
      if (!this.isHeld) this.socket.resume();
    }
    if (this.#exchanges.length === 0) this.#listener.becameIdle(this);
  }

  /** node:http tells only the first response of a pipeline that its connection was closed. */
  closed(): void {
    if (!this.#isKeyed) this.#listener.waits(-(this.#waiting?.length ?? 0));
    this.#waiting = undefined;
    for (const exchange of [...this.#exchanges]) exchange.connectionClosed();
  }

  /** Cuts off a client that reads nothing of what was sent. */
  checkReading(tick: number): void {
    const { writableLength, bytesWritten } = this.socket;
    const reads =
      writableLength === 0 || writableLength !== this.#unsentBytes || bytesWritten !== this.#writtenBytes;
    this.#unsentBytes = writableLength;
    this.#writtenBytes = bytesWritten;
    if (reads) this.#readTick = tick;
    else if (tick - this.#readTick >= (this.#isKeyed ? readerPatienceTicks : strangersReaderPatienceTicks)) {
      this.socket.destroy();
    }
  }

  #wait(start: () => void): void {
    if (this.#waiting === undefined) {
      this.#waiting = [];
      // node:http resumes the socket after each message that it has parsed
      this.socket.on('resume', () => {
        if (this.isHeld) this.socket.pause();
      });
    }
    this.#waiting.push(start);
    if (!this.#isKeyed) this.#listener.waits(1);
    this.socket.pause();
  }
}
