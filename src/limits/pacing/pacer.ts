import type { PayerBalance } from '../account/payerBalance.ts';
import type { RateWindow } from '../headers/rateLimit.ts';
import type { LearnedLimit } from './learnedLimits.ts';
import { PaceBook } from './paceBook.ts';
import type { PaceLane } from './paceLane.ts';
import { actionOf, type HoldReason, type PaceRefusal, type PaceTicket } from './paceTicket.ts';

/** `late`: it can't be served before its caller's patience ends; until when and why is on the ticket. */
export type Admission = 'go' | 'hold' | 'late';

export interface Turns {
  /** In this order. They count as sent. */
  readonly go: readonly PaceTicket[];
  readonly late: readonly PaceTicket[];
  /** Epoch ms at which to ask again, also when nothing is answered before; undefined: nobody waits for a time. */
  readonly lookAt?: number;
}

export interface HeldLimit {
  readonly limit: string;
  readonly action?: string;
  readonly waiting: number;
  readonly programs: number;
  readonly heldBy: HoldReason;
  /** Epoch ms of the reset, as a server told; undefined: it depends on what is in flight. */
  readonly until?: number;
}

export interface PacerOptions {
  /** Names this gateway among those that share what they learn. */
  readonly gateway: string;
  /** In [0, 1). */
  readonly random: () => number;
}

const nobody: Turns = { go: [], late: [] };
/** Small corrections of the clock. */
const mostBackMs = 10_000;

/**
 * May a request go now, else when. It has no clock and no timers: each call says what time it is, epoch ms, and the
 * one who holds it asks `next` again at `lookAt` and after everything that was answered. Nothing throws.
 */
export class Pacer {
  readonly #gateway: string;
  readonly #book: PaceBook;
  /** Lanes in which somebody waits; who was served last stands last. */
  #waiting: PaceLane[] = [];
  #arrivals = 0;
  /** When it was asked last, epoch ms. */
  #askedAt = 0;
  #observesOnly = false;

  constructor(options: PacerOptions) {
    this.#gateway = options.gateway;
    this.#book = new PaceBook(options.random);
  }

  /** It learns and counts, but holds nobody. Those who wait go with the next turns. */
  observeOnly(observesOnly: boolean): void {
    this.#observesOnly = observesOnly;
  }

  /** A request that arrives, or comes back after it was refused. On `go` it counts as sent. */
  admit(ticket: PaceTicket, now: number): Admission {
    if (ticket.state !== 'new') return ticket.state === 'held' ? 'hold' : 'go';
    this.#checkClock(now);
    const lane = this.#book.lane(ticket);
    if (ticket.arrival === 0) {
      this.#arrivals += 1;
      ticket.arrival = this.#arrivals;
    }
    const ahead = lane.queue.head();
    const opensAt = this.#observesOnly ? 0 : lane.opensAt(ahead ?? ticket, now);
    if (opensAt === 0 && ahead === undefined) {
      this.#send(ticket, lane, now);
      return 'go';
    }
    lane.explain(ticket, undefined);
    if (opensAt > 0 && lane.heldUntil !== undefined) {
      const first = lane.queue.ahead(ticket.request.program);
      const extraMs = lane.heldBy === 'window' ? lane.limit.extraMs(first, lane.queue.tokensOf(first)) : 0;
      ticket.until = lane.heldUntil + extraMs;
    }
    if ((ticket.until ?? now) > ticket.request.patienceEnd) return 'late';
    if (lane.queue.size === 0) this.#waiting.push(lane);
    lane.hold(ticket);
    ticket.state = 'held';
    return 'hold';
  }

  /** The head of an answer came. A stream goes on, and counts once. */
  answered(ticket: PaceTicket, told: readonly RateWindow[], now: number): void {
    if (ticket.state !== 'sent') return;
    const lane = this.#book.lane(ticket);
    ticket.state = 'answered';
    lane.limit.answered(ticket, told, now);
    lane.answered(ticket, now);
  }

  /** It was refused: it may be admitted again, in its old place. Others of the same limit wait from now on. */
  refused(ticket: PaceTicket, refusal: PaceRefusal, told: readonly RateWindow[], now: number): void {
    if (ticket.state !== 'sent') return;
    const lane = this.#book.lane(ticket);
    const isExplained = lane.limit.refused(ticket, told, now);
    lane.refused(ticket, refusal, isExplained, now);
    ticket.state = 'new';
  }

  /** An answer told that it counts against another limit than was thought. */
  moved(ticket: PaceTicket, limit: string, lane: string): void {
    if (ticket.state !== 'sent') return;
    const { sentAt } = ticket;
    this.#leave(ticket, false);
    ticket.request = { ...ticket.request, limit, lane };
    this.#send(ticket, this.#book.lane(ticket), sentAt);
  }

  /** It is over, answered or not. */
  ended(ticket: PaceTicket): void {
    this.#leave(ticket, true);
    ticket.state = 'done';
  }

  /** What one that was answered really used, in tokens; may be told later. */
  used(ticket: PaceTicket, tokens: number): void {
    this.#book.lane(ticket).limit.used(ticket, tokens);
  }

  /** It never reached a server: it may be admitted again. A held one gives up its place. */
  withdrawn(ticket: PaceTicket): void {
    if (ticket.state === 'done') return;
    this.#leave(ticket, false);
    ticket.state = 'new';
  }

  #leave(ticket: PaceTicket, mayCount: boolean): void {
    if (ticket.state === 'new' || ticket.state === 'done') return;
    const lane = this.#book.lane(ticket);
    if (ticket.state === 'held') {
      lane.queue.remove(ticket);
      this.#rest(lane);
      return;
    }
    if (ticket.state === 'sent') {
      lane.limit.lost(ticket, mayCount);
      if (!mayCount) lane.payer?.unbilled(ticket.sentAt);
    } else lane.limit.ended(ticket);
    lane.left(ticket);
  }

  /** Somebody waits. */
  get isHolding(): boolean {
    return this.#waiting.length > 0;
  }

  /** Who may go now, who has to be told that it is too late, and when to look again. */
  next(now: number): Turns {
    if (this.#waiting.length === 0) return nobody;
    this.#checkClock(now);
    const go: PaceTicket[] = [];
    const late: PaceTicket[] = [];
    let lookAt = Number.POSITIVE_INFINITY;
    const lanes = this.#waiting;
    this.#waiting = [];
    // in rounds, one of each lane: who goes opens no other lane, so a blocked one is asked once
    for (let open = lanes.length; open > 0; ) {
      let stillOpen = 0;
      for (let index = 0; index < open; index += 1) {
        const lane = lanes[index];
        const head = lane?.queue.head();
        if (lane === undefined || head === undefined) continue;
        const opensAt = this.#observesOnly ? 0 : lane.opensAt(head, now);
        if (opensAt === 0 && head.request.patienceEnd > now) {
          lane.queue.take();
          this.#send(head, lane, now);
          go.push(head);
        } else {
          if (opensAt === 0) lane.heldUntil = undefined;
          const gone = lane.impatient(now);
          for (const ticket of gone) late.push(ticket);
          if (gone.length === 0) {
            lookAt = Math.min(lookAt, opensAt, lane.patientUntil);
            this.#waiting.push(lane);
            continue;
          }
        }
        if (lane.queue.size > 0) lanes[stillOpen++] = lane;
      }
      open = stillOpen;
    }
    for (const ticket of late) ticket.state = 'new';
    return lookAt === Number.POSITIVE_INFINITY ? { go, late } : { go, late, lookAt };
  }

  /** Of a clock that was set back, what was told lies in a future that may be far off. */
  #checkClock(now: number): void {
    if (now < this.#askedAt - mostBackMs) this.#book.forgetTimes();
    this.#askedAt = now;
  }

  #send(ticket: PaceTicket, lane: PaceLane, now: number): void {
    ticket.state = 'sent';
    ticket.sentAt = now;
    ticket.until = undefined;
    lane.limit.sent(ticket, now);
    lane.sent(ticket, now);
  }

  /** Lets those go who wait, of one limit or of all, whatever was told. */
  release(now: number, limit?: string): PaceTicket[] {
    return this.#takeOut(limit, (ticket, lane) => this.#send(ticket, lane, now));
  }

  /** Sends those away who wait, of one limit or of all. */
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

  /** Who waits, and for what. */
  held(now: number): HeldLimit[] {
    return this.#waiting.flatMap(({ name, limit, queue, heldBy, heldUntil }) => {
      if (queue.size === 0) return [];
      const until = heldUntil !== undefined && heldUntil > now ? { until: heldUntil } : {};
      const action = actionOf(name);
      const named = action === undefined ? { limit: limit.name } : { limit: limit.name, action };
      return { ...named, waiting: queue.size, programs: queue.programs, heldBy, ...until };
    });
  }

  /** What is known of a limit's windows, also of those that hold nobody. */
  windows(limit: string): RateWindow[] {
    return this.#book.windows(limit);
  }

  /** What a response told of another limit than its request was counted against. */
  learn(limit: string, told: readonly RateWindow[], sentAt: number): void {
    if (told.length > 0) this.#book.limit(limit).learn(told, sentAt);
  }

  balance(payer: string, balance: PayerBalance): void {
    this.#book.payer(payer).told(balance);
  }

  /** What this gateway learned, for the others. @param since epoch ms; of what nothing was heard since is left out */
  export(now: number, since = 0): LearnedLimit[] {
    return this.#book.export(this.#gateway, now, since);
  }

  /** What others learned; its own words are passed over. */
  import(learned: readonly LearnedLimit[]): void {
    this.#book.import(this.#gateway, learned);
  }

  /** Forgets what nobody asked about for long. */
  sweep(now: number): void {
    this.#book.sweep(now);
  }
}
