import type { RateWindow } from '../headers/rateLimit.ts';
import { PaceBook, type PaceBookOptions } from './paceBook.ts';
import type { PaceLane } from './paceLane.ts';
import { type HoldReason, ownerOf, type PaceRefusal, type PaceTicket } from './paceTicket.ts';

/** `late`: no turn before the caller's patience ends, with the reason on the ticket. */
export type Admission = 'go' | 'hold' | 'late';

export interface PacerResult {
  /** In this order; they count as sent. */
  readonly go: readonly PaceTicket[];
  readonly late: readonly PaceTicket[];
  /** Epoch ms at which to ask again, if no response comes before; `Infinity`: no request waits for a time. */
  readonly lookAt: number;
}

export interface HeldLimit {
  readonly limit: string;
  readonly waiting: number;
  readonly programs: number;
  readonly heldBy: HoldReason;
  /** The server that set the limit: `huggingface` or a provider's id; undefined: the limit's own. */
  readonly by?: string;
  /** Epoch ms of the reset that a server reported; undefined: it depends on the requests in flight. */
  readonly until?: number;
}

/** The clock may be corrected by so much. */
const mostBackMs = 10_000;

/**
 * Decides whether a request may go now, else when. Without a clock and timers: each call passes the time,
 * epoch ms, and the caller asks `next` again at `lookAt` and after each response. Nothing throws.
 */
export class Pacer {
  /** All that it knows of limits and payers. */
  readonly book: PaceBook;
  /** Lanes with held requests; the lane that was served last is last. */
  #waiting: PaceLane[] = [];
  #arrivals = 0;
  /** Epoch ms of the last call. */
  #askedAt = 0;
  #observesOnly = false;

  constructor(options: PaceBookOptions) {
    this.book = new PaceBook(options);
  }

  /** Learns and counts, but holds nothing: held requests go with the next result. */
  observeOnly(observesOnly: boolean): void {
    this.#observesOnly = observesOnly;
  }

  /** A request arrives, or comes back after a refusal. On `go` it counts as sent. */
  admit(ticket: PaceTicket, now: number): Admission {
    if (ticket.state !== 'new') return ticket.state === 'held' ? 'hold' : 'go';
    this.#checkClock(now);
    const lane = this.book.lane(ticket);
    if (ticket.arrival === 0) {
      this.#arrivals += 1;
      ticket.arrival = this.#arrivals;
    }
    const ahead = lane.queue.head();
    const hold = this.#observesOnly ? undefined : lane.holdOf(ahead ?? ticket, now);
    if (!hold && !ahead) {
      this.#send(ticket, lane, now);
      return 'go';
    }
    ticket.hold = hold ?? { ...lane.hold, until: undefined };
    if (hold?.until !== undefined && hold.by === 'window') {
      const first = lane.queue.ahead(ticket.request.program);
      const extraMs = lane.limit.extraMs(first, lane.queue.tokensOf(first));
      ticket.hold = { ...hold, until: hold.until + extraMs };
    }
    if ((ticket.hold.until ?? now) > ticket.request.patienceEnd) return 'late';
    if (lane.queue.size === 0) this.#waiting.push(lane);
    lane.queue.add(ticket);
    ticket.state = 'held';
    return 'hold';
  }

  /** The head of a response came. A stream counts once. */
  answered(ticket: PaceTicket, reported: readonly RateWindow[], now: number): void {
    if (ticket.state !== 'sent') return;
    const lane = this.book.lane(ticket);
    ticket.state = 'answered';
    lane.limit.answered(ticket, reported, now);
    lane.answered(ticket, now);
  }

  /**
   * A refused request may be admitted again, in its old place. Others of the same limit are held from now on.
   */
  refused(ticket: PaceTicket, refusal: PaceRefusal, reported: readonly RateWindow[], now: number): void {
    if (ticket.state !== 'sent') return;
    const lane = this.book.lane(ticket);
    const isExplained = lane.limit.refused(ticket, reported, now);
    lane.refused(ticket, refusal, isExplained, now);
    ticket.state = 'new';
  }

  /** A response named another limit than the expected one. */
  moved(ticket: PaceTicket, limit: string, lane: string): void {
    if (ticket.state !== 'sent') return;
    const { sentAt } = ticket;
    this.#leave(ticket, false);
    ticket.request = { ...ticket.request, limit, lane };
    this.#send(ticket, this.book.lane(ticket), sentAt);
  }

  /** The request is over, with a response or without. */
  ended(ticket: PaceTicket): void {
    this.#leave(ticket, true);
    ticket.state = 'done';
  }

  /** Tokens that a request really used; may be known later. */
  used(ticket: PaceTicket, tokens: number): void {
    this.book.knownLimit(ticket.request.limit)?.used(ticket, tokens);
  }

  /** The request never reached a server, and may be admitted again. A held one gives up its place. */
  withdrawn(ticket: PaceTicket): void {
    if (ticket.state === 'done') return;
    this.#leave(ticket, false);
    ticket.state = 'new';
  }

  #leave(ticket: PaceTicket, mayCount: boolean): void {
    if (ticket.state === 'new' || ticket.state === 'done') return;
    const lane = this.book.lane(ticket);
    if (ticket.state === 'held') {
      lane.queue.remove(ticket);
      this.#rest(lane);
      return;
    }
    if (ticket.state === 'sent') {
      lane.limit.lost(ticket, mayCount);
      if (!mayCount) lane.payer?.unbilled(ticket.sentAt);
    } else lane.limit.free(ticket);
    lane.left(ticket);
  }

  get isHolding(): boolean {
    return this.#waiting.length > 0;
  }

  /** The requests that may go now, those that are too late, and when to ask again. */
  next(now: number): PacerResult {
    this.#checkClock(now);
    const go: PaceTicket[] = [];
    const late: PaceTicket[] = [];
    let lookAt = Number.POSITIVE_INFINITY;
    const lanes = this.#waiting;
    this.#waiting = [];
    // in rounds, one request of each lane: sending opens no other lane, so a blocked one is asked once
    for (let open = lanes.length; open > 0; ) {
      let stillOpen = 0;
      for (let index = 0; index < open; index += 1) {
        const lane = lanes[index];
        const head = lane?.queue.head();
        if (lane === undefined || head === undefined) continue;
        const hold = this.#observesOnly ? undefined : lane.holdOf(head, now);
        if (!hold && head.request.patienceEnd > now) {
          lane.queue.take();
          this.#send(head, lane, now);
          go.push(head);
        } else {
          for (const ticket of hold?.by === 'unsettled' ? lane.queue.takeUnheld(now) : []) {
            this.#send(ticket, lane, now);
            go.push(ticket);
          }
          const impatient = lane.queue.takeImpatient(now, hold?.until ?? 0);
          for (const ticket of impatient) {
            ticket.hold = hold ?? { ...lane.hold, until: undefined };
            ticket.state = 'new';
            late.push(ticket);
          }
          if (hold && impatient.length === 0 && lane.queue.size > 0) {
            lookAt = Math.min(lookAt, hold.lookAt, lane.queue.patientUntil);
            this.#waiting.push(lane);
            continue;
          }
        }
        if (lane.queue.size > 0) lanes[stillOpen++] = lane;
      }
      open = stillOpen;
    }
    return { go, late, lookAt };
  }

  /** After a clock was set back, reported times may be far ahead. */
  #checkClock(now: number): void {
    if (now < this.#askedAt - mostBackMs) this.book.forgetTimes();
    this.#askedAt = now;
    this.book.now = now;
  }

  #send(ticket: PaceTicket, lane: PaceLane, now: number): void {
    ticket.state = 'sent';
    ticket.sentAt = now;
    lane.limit.sent(ticket, now);
    lane.sent(ticket, now);
  }

  /** Sends held requests, of one limit or of all, whatever holds them. */
  release(now: number, limit?: string): PaceTicket[] {
    return this.#takeOut(limit, (ticket, lane) => this.#send(ticket, lane, now));
  }

  /** Gives up held requests, of one limit or of all. */
  cancel(limit?: string): PaceTicket[] {
    return this.#takeOut(limit, ticket => {
      ticket.state = 'new';
    });
  }

  #takeOut(limit: string | undefined, each: (ticket: PaceTicket, lane: PaceLane) => void): PaceTicket[] {
    const taken: PaceTicket[] = [];
    for (const lane of [...this.#waiting]) {
      if (limit !== undefined && lane.limit.name !== limit) continue;
      for (let ticket = lane.queue.take(); ticket !== undefined; ticket = lane.queue.take()) {
        each(ticket, lane);
        taken.push(ticket);
      }
      this.#rest(lane);
    }
    return taken;
  }

  #rest(lane: PaceLane): void {
    if (lane.queue.size === 0) this.#waiting = this.#waiting.filter(other => other !== lane);
  }

  /** The limits with held requests. */
  held(now: number): HeldLimit[] {
    return this.#waiting.flatMap(({ limit, queue, hold }) => {
      if (queue.size === 0) return [];
      const until = hold.until !== undefined && hold.until > now ? { until: hold.until } : {};
      const by = ownerOf(hold);
      const named = by === undefined ? { limit: limit.name } : { limit: limit.name, by };
      return { ...named, waiting: queue.size, programs: queue.programs, heldBy: hold.by, ...until };
    });
  }
}
