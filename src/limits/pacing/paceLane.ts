import { settlingMs } from '../refusals/unsettled.ts';
import { nextDelayMs } from './backoff.ts';
import { Concurrency } from './concurrency.ts';
import { Gate } from './gate.ts';
import type { PaceLimit } from './paceLimit.ts';
import type { PacePayer } from './pacePayer.ts';
import { PaceQueue } from './paceQueue.ts';
import { actionOf, type Hold, type PaceRefusal, type PaceTicket, type Wait } from './paceTicket.ts';

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
  gate = new Gate();
  readonly #concurrency = new Concurrency();
  readonly #random: () => number;
  #inFlight = 0;
  /** Of the last ticket that was held. */
  hold: Hold = { by: 'window', lookAt: 0 };
  #lastRefusal: PaceRefusal = { cause: 'unknown' };
  /** Epoch ms. */
  lastUsedAt = 0;

  constructor(name: string, limit: PaceLimit, random: () => number) {
    this.name = name;
    this.limit = limit;
    this.#random = random;
  }

  /** Undefined: the ticket may go. */
  holdOf(ticket: PaceTicket, now: number): Hold | undefined {
    const hold = this.#holdOf(ticket, now);
    if (hold) this.hold = hold;
    return hold;
  }

  #holdOf(ticket: PaceTicket, now: number): Hold | undefined {
    const refused = this.gate.wait(now);
    if (refused) return { ...refused, by: 'refusal', refused: this.#lastRefusal };
    const spent = this.limit.wait(ticket, now);
    if (spent) return { ...spent, by: 'window' };
    const unsettled = this.#unsettledWait(ticket, now);
    if (unsettled) return { ...unsettled, by: 'unsettled' };
    if (this.limit.knowsWindow() && !this.#concurrency.isLimited) return undefined;
    const widensAt = this.#concurrency.opensAt(this.#inFlight, now);
    if (widensAt === 0) return undefined;
    const provider = this.#concurrency.isLimited ? this.refusedBy : undefined;
    return { by: 'concurrency', lookAt: widensAt, ...(provider !== undefined && { provider }) };
  }

  #unsettledWait({ request }: PaceTicket, now: number): Wait | undefined {
    const wait = this.payer?.wait(now);
    const { patienceEnd, moneyPatienceEnd = Number.POSITIVE_INFINITY } = request;
    if (wait === undefined || moneyPatienceEnd <= now) return undefined;
    const lookAt = Math.min(wait.lookAt, moneyPatienceEnd);
    // a mere prediction makes no request late
    if (wait.until === undefined) return lookAt < patienceEnd ? { lookAt } : undefined;
    return { lookAt, until: Math.min(wait.until, moneyPatienceEnd) };
  }

  /** `huggingface` or a provider's id, from the last refusal. */
  get refusedBy(): string | undefined {
    return this.#lastRefusal.by;
  }

  /** Another gateway's request was refused. @param by as in `refusedBy` */
  refusedElsewhere(gateway: string, until: number, at: number, by: string | undefined): void {
    this.gate.closeAs(gateway, until, at);
    if (this.gate.closedBy === gateway)
      this.#lastRefusal = { cause: 'unknown', ...(by !== undefined && { by }) };
  }

  sent(ticket: PaceTicket, now: number): void {
    this.lastUsedAt = now;
    this.#inFlight += 1;
    ticket.inFlightAtSend = this.#inFlight;
    this.gate.sent(now);
    this.payer?.sent(now);
  }

  answered(ticket: PaceTicket, now: number): void {
    this.gate.passed(ticket.sentAt, now);
    this.payer?.answered(ticket.sentAt, now);
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
        // only Hugging Face knows of the payer's money
        if (refusal.by !== undefined && refusal.by !== 'huggingface') this.#closeOwn(ticket, refusal, now);
        else if (this.payer) this.#closePayer(this.payer, ticket, refusal, now);
        return;
      case 'credits':
      case 'spending-limit':
      case 'plan':
        return;
      case 'quota':
        // the limit of an action: it stops requests of the same action
        if (actionOf(this.name) !== undefined) this.#closeOwn(ticket, refusal, now);
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
    if (cause !== 'concurrency' || isTimed || this.#inFlight === 0) this.#closeOwn(ticket, refusal, now);
  }

  #closeOwn(ticket: PaceTicket, refusal: PaceRefusal, now: number): void {
    const pace = this.#inFlight > 0 ? untimedAmongOthers : untimed;
    this.gate.close(this.#closedUntil(this.gate, pace, refusal, now), now, ticket.sentAt);
  }

  /** Hugging Face settles within minutes: a later time is not believed. */
  #closePayer(payer: PacePayer, ticket: PaceTicket, refusal: PaceRefusal, now: number): void {
    const isBelieved = (refusal.resetsAt ?? now) - now <= settlingMs;
    const believed = isBelieved ? refusal : { cause: refusal.cause };
    payer.refused(this.#closedUntil(payer.gate, settling, believed, now), now, ticket.sentAt);
  }

  #closedUntil(gate: Gate, pace: typeof untimed, { resetsAt: retryAt }: PaceRefusal, now: number): number {
    const random = this.#random;
    const jitterMs = retryAt !== undefined && retryAt > now ? random() * mostJitterMs : 0;
    return now + Math.ceil(nextDelayMs({ attempt: gate.refusals, retryAt, now, random, ...pace }) + jitterMs);
  }

  /** Epoch ms of the last use or refusal. */
  get newsAt(): number {
    return Math.max(this.lastUsedAt, this.gate.changedAt);
  }

  isIdle(): boolean {
    return this.#inFlight === 0 && this.queue.size === 0;
  }
}
