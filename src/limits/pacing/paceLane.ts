import { nextDelayMs } from './backoff.ts';
import { Concurrency } from './concurrency.ts';
import { Gate } from './gate.ts';
import type { PaceLimit } from './paceLimit.ts';
import type { PacePayer } from './pacePayer.ts';
import { PaceQueue } from './paceQueue.ts';
import { actionOf, type HoldReason, type PaceRefusal, type PaceTicket } from './paceTicket.ts';

/** For refusals without a time. */
const untimed = { baseMs: 500, capMs: 10_000 };
/** The end of another request in flight may be enough. */
const untimedAmongOthers = { baseMs: 100, capMs: 10_000 };
const settling = { baseMs: 4_000, capMs: 30_000 };
const mostJitterMs = 250;

/** Requests, in flight and held, that one refusal stops together. */
export class PaceLane {
  readonly name: string;
  readonly limit: PaceLimit;
  /** Its unsettled requests may hold the lane up; undefined: nothing is billed. */
  payer: PacePayer | undefined;
  readonly queue = new PaceQueue();
  readonly gate = new Gate();
  readonly #concurrency = new Concurrency();
  readonly #random: () => number;
  #inFlight = 0;
  /** Of the last ticket that `opensAt` held; the time only if a server named it. */
  heldBy: HoldReason = 'window';
  heldUntil: number | undefined;
  #lastRefusal: PaceRefusal = { cause: 'unknown' };
  /** Epoch ms: the first held ticket loses patience then. */
  patientUntil = Number.POSITIVE_INFINITY;
  /** Epoch ms. */
  lastUsedAt = 0;
  /** Epoch ms of the latest reset for which impatient tickets were taken out. */
  weededUntil = 0;

  constructor(name: string, limit: PaceLimit, random: () => number) {
    this.name = name;
    this.limit = limit;
    this.#random = random;
  }

  /** 0: the ticket may go. Else epoch ms at which to look again, with the reason in `heldBy`. */
  opensAt(ticket: PaceTicket, now: number): number {
    const refusedUntil = this.gate.opensAt(now);
    if (refusedUntil > 0) return this.#hold('refusal', refusedUntil, this.gate.closedUntil(now));
    const limitOpensAt = this.limit.opensAt(ticket, now);
    if (limitOpensAt > 0) return this.#hold('window', limitOpensAt, this.limit.heldUntil);
    const settlesAt = this.payer?.opensAt(now) ?? 0;
    // a mere prediction makes no request late
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

  /** The response has ended, or will never come. */
  left(ticket: PaceTicket): void {
    this.#inFlight -= 1;
    if (ticket.state !== 'sent') return;
    this.gate.lost(ticket.sentAt);
    this.payer?.gate.lost(ticket.sentAt);
  }

  /** @param isExplained by a window, which holds the other requests from now on */
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
        // the limit of an action: it stops requests of the same action
        if (actionOf(this.name) !== undefined) this.#close(ticket, refusal, now);
        return;
      default:
        if (!isExplained) this.#congested(ticket, refusal, now);
    }
  }

  #congested(ticket: PaceTicket, refusal: PaceRefusal, now: number): void {
    const { cause, resetsAt } = refusal;
    const isTimed = resetsAt !== undefined && resetsAt > now;
    // requests in flight at the first refusal are refused too: no news
    const isOld = this.gate.isOld(ticket.sentAt);
    const isTrial = this.gate.refusals > 0 && !isOld;
    const mayBeOurs =
      cause === 'concurrency' || ((cause === 'unknown' || cause === 'rate') && !isTimed && !isTrial);
    if (!isTimed || cause === 'concurrency') {
      this.#concurrency.refused(ticket.inFlightAtSend, ticket.sentAt, now, mayBeOurs);
    }
    // with others in flight, their end makes room
    if (isOld && !isTimed) return;
    if (cause !== 'concurrency' || isTimed || this.#inFlight === 0) this.#close(ticket, refusal, now);
  }

  #close(ticket: PaceTicket, refusal: PaceRefusal, now: number): void {
    const { refusals } = this.gate;
    const pace = this.#inFlight > 0 ? untimedAmongOthers : untimed;
    this.gate.close(now + this.#delayMs(refusals, refusal, pace, now), now, ticket.sentAt);
  }

  #delayMs(attempt: number, refusal: PaceRefusal, pace: typeof untimed, now: number): number {
    const random = this.#random;
    const { resetsAt: retryAt } = refusal;
    const jitterMs = retryAt !== undefined && retryAt > now ? random() * mostJitterMs : 0;
    return Math.ceil(nextDelayMs({ attempt, retryAt, now, random, ...pace }) + jitterMs);
  }

  hold(ticket: PaceTicket): void {
    this.queue.add(ticket);
    this.patientUntil = Math.min(this.patientUntil, ticket.request.patienceEnd);
  }

  /** Takes the tickets out whose patience ends before the reset that a server reported. */
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

  /** Notes on the ticket why it is held. */
  explain(ticket: PaceTicket, until: number | undefined): void {
    ticket.heldBy = this.heldBy;
    ticket.refused = this.heldBy === 'refusal' ? this.#lastRefusal : undefined;
    ticket.until = until;
  }

  isIdle(): boolean {
    return this.#inFlight === 0 && this.queue.size === 0;
  }
}
