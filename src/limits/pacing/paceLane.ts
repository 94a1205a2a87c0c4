import { nextDelayMs } from './backoff.ts';
import { Concurrency } from './concurrency.ts';
import { Gate } from './gate.ts';
import type { PaceLimit } from './paceLimit.ts';
import type { PacePayer } from './pacePayer.ts';
import { PaceQueue } from './paceQueue.ts';
import { actionOf, type HoldReason, type PaceRefusal, type PaceTicket } from './paceTicket.ts';

/** Those that tell nothing of a time. */
const untold = { baseMs: 500, capMs: 10_000 };
/** While others are in flight, their end may be all that is needed. */
const untoldAmongOthers = { baseMs: 100, capMs: 10_000 };
const settling = { baseMs: 4_000, capMs: 30_000 };
const mostJitterMs = 250;

/** Requests that one refusal stops together, in flight and waiting. */
export class PaceLane {
  readonly name: string;
  readonly limit: PaceLimit;
  /** Whose money may hold it up, if somebody's may. */
  payer: PacePayer | undefined;
  readonly queue = new PaceQueue();
  readonly gate = new Gate();
  readonly #concurrency = new Concurrency();
  readonly #random: () => number;
  #inFlight = 0;
  /** Why the last ticket that was asked for is held, and until when, as far as a server told. */
  heldBy: HoldReason = 'window';
  heldUntil: number | undefined;
  #lastRefusal: PaceRefusal = { cause: 'unknown' };
  /** Nobody who waits loses patience before: epoch ms. */
  patientUntil = Number.POSITIVE_INFINITY;
  /** Epoch ms. */
  lastUsedAt = 0;
  /** Up to that reset those were sent away whose patience does not last so long. */
  weededUntil = 0;

  constructor(name: string, limit: PaceLimit, random: () => number) {
    this.name = name;
    this.limit = limit;
    this.#random = random;
  }

  /** 0: it may go. Else when to look again, and why is in `heldBy`. */
  opensAt(ticket: PaceTicket, now: number): number {
    const refusedUntil = this.gate.opensAt(now);
    if (refusedUntil > 0) return this.#hold('refusal', refusedUntil, this.gate.closedUntil(now));
    const limitOpensAt = this.limit.opensAt(ticket, now);
    if (limitOpensAt > 0) return this.#hold('window', limitOpensAt, this.limit.heldUntil);
    const settlesAt = this.payer?.opensAt(now) ?? 0;
    // what is only predicted sends nobody away
    const isPrediction = this.payer?.gate.closedUntil(now) === undefined;
    if (settlesAt > 0 && !(isPrediction && ticket.request.patienceEnd <= settlesAt)) {
      return this.#hold('unsettled', settlesAt, this.payer?.gate.closedUntil(now));
    }
    if (this.limit.knowsWindow() && !this.#concurrency.isLimited) return 0;
    const widensAt = this.#concurrency.opensAt(this.#inFlight, now);
    return widensAt > 0 ? this.#hold('concurrency', widensAt, undefined) : 0;
  }

  #hold(heldBy: HoldReason, at: number, until: number | undefined): number {
    this.heldBy = heldBy;
    this.heldUntil = until;
    return at;
  }

  sent(ticket: PaceTicket, now: number): void {
    this.lastUsedAt = now;
    this.#inFlight += 1;
    ticket.inFlightAtSend = this.#inFlight;
    this.gate.sent(now);
    this.payer?.sent(now);
  }

  answered(ticket: PaceTicket, now: number): void {
    this.gate.passed(ticket.sentAt);
    this.payer?.gate.passed(ticket.sentAt);
    this.#concurrency.answered(this.#inFlight, now);
  }

  /** It was answered to its end, or never will be. */
  left(ticket: PaceTicket): void {
    this.#inFlight -= 1;
    if (ticket.state !== 'sent') return;
    this.gate.lost(ticket.sentAt);
    this.payer?.gate.lost(ticket.sentAt);
  }

  /** @param isExplained by a window, which holds the others from now on. */
  refused(ticket: PaceTicket, refusal: PaceRefusal, isExplained: boolean, now: number): void {
    this.left(ticket);
    this.#lastRefusal = refusal;
    this.payer?.unbilled(ticket.sentAt);
    switch (refusal.cause) {
      case 'unsettled':
        this.payer?.gate.close(
          now + this.#delayMs(this.payer.gate.refusals, refusal, settling, now),
          now,
          ticket.sentAt,
        );
        return;
      case 'credits':
      case 'spending-limit':
        return;
      case 'quota':
        // a limit of an action: it stops those that do the same
        if (actionOf(this.name) !== undefined) this.#close(ticket, refusal, now);
        return;
      default:
        if (!isExplained) this.#congested(ticket, refusal, now);
    }
  }

  #congested(ticket: PaceTicket, refusal: PaceRefusal, now: number): void {
    const { cause, resetsAt } = refusal;
    const isTold = resetsAt !== undefined && resetsAt > now;
    // those that were on their way with the first one that was refused say the same once more
    const isOld = this.gate.isOld(ticket.sentAt);
    const isTrial = this.gate.refusals > 0 && !isOld;
    const mayBeOurs =
      cause === 'concurrency' || ((cause === 'unknown' || cause === 'rate') && !isTold && !isTrial);
    if (!isTold || cause === 'concurrency') {
      this.#concurrency.refused(ticket.inFlightAtSend, ticket.sentAt, now, mayBeOurs);
    }
    // where others are in flight, it is their end that makes room
    if (isOld && !isTold) return;
    if (cause !== 'concurrency' || isTold || this.#inFlight === 0) this.#close(ticket, refusal, now);
  }

  #close(ticket: PaceTicket, refusal: PaceRefusal, now: number): void {
    const { refusals } = this.gate;
    const pace = this.#inFlight > 0 ? untoldAmongOthers : untold;
    this.gate.close(now + this.#delayMs(refusals, refusal, pace, now), now, ticket.sentAt);
  }

  #delayMs(attempt: number, refusal: PaceRefusal, pace: typeof untold, now: number): number {
    const random = this.#random;
    const { resetsAt: retryAt } = refusal;
    const jitterMs = retryAt !== undefined && retryAt > now ? random() * mostJitterMs : 0;
    return Math.ceil(nextDelayMs({ attempt, retryAt, now, random, ...pace }) + jitterMs);
  }

  hold(ticket: PaceTicket): void {
    this.queue.add(ticket);
    this.patientUntil = Math.min(this.patientUntil, ticket.request.patienceEnd);
  }

  /** Those whose patience is over, or ends before the reset that a server told of; gone from the queue. */
  impatient(now: number): PaceTicket[] {
    const until = this.heldUntil ?? 0;
    if (now < this.patientUntil && until <= this.weededUntil) return [];
    this.weededUntil = Math.max(this.weededUntil, until);
    const late = this.queue.takeIf(
      ({ request: { patienceEnd } }) => patienceEnd <= now || patienceEnd < until,
    );
    this.patientUntil = this.queue.firstPatienceEnd();
    for (const ticket of late) this.explain(ticket, this.heldUntil);
    return late;
  }

  /** Writes onto a ticket why it does not go. */
  explain(ticket: PaceTicket, until: number | undefined): void {
    ticket.heldBy = this.heldBy;
    ticket.refused = this.heldBy === 'refusal' ? this.#lastRefusal : undefined;
    ticket.until = until;
  }

  isIdle(): boolean {
    return this.#inFlight === 0 && this.queue.size === 0;
  }
}
