import { longestHeldMs } from '../bounds.ts';
import type { Wait } from './paceTicket.ts';

/**
 * Refusals come within a round trip, a model's response may take minutes: silence for so long means let in.
 */
const consentMs = 1000;

/**
 * One refusal closes it for all requests of a limit. Then it is half open: one request goes, and the others
 * follow when the server let that one in. Times are epoch ms.
 */
export class Gate {
  #until = 0;
  closedAt = Number.NEGATIVE_INFINITY;
  /** The other gateway whose refusal closed it; undefined: an own one. */
  closedBy: string | undefined;
  /** Epoch ms at which it closed or opened last. */
  changedAt = Number.NEGATIVE_INFINITY;
  /** Sending of the last request that the server let in: refusals before say nothing any more. */
  #passedAt = Number.NEGATIVE_INFINITY;
  /** When the one request was sent; `due`: it is the next one; undefined: open. */
  #trial: number | 'due' | undefined;
  /** Refusals in a row, each of another trial. */
  refusals = 0;

  /** Undefined: the next request may go. */
  wait(now: number): Wait | undefined {
    if (now < this.#until) return { lookAt: this.#until, until: this.#until };
    if (typeof this.#trial !== 'number') return undefined;
    const consentAt = this.#trial + consentMs;
    return now < consentAt ? { lookAt: consentAt } : undefined;
  }

  /** Undefined: not closed. */
  closedUntil(now: number): number | undefined {
    return now < this.#until ? this.#until : undefined;
  }

  /** Whether the request was sent before the gate closed, so that its refusal is no news. */
  isOld(sentAt: number): boolean {
    return sentAt < this.closedAt;
  }

  close(until: number, now: number, sentAt: number): void {
    if (this.isOld(sentAt)) {
      this.#until = Math.max(this.#until, Math.min(until, now + longestHeldMs));
      this.changedAt = now;
      return;
    }
    this.refusals += 1;
    this.#closeUntil(until, now);
  }

  /** @param at of the refusal that another gateway received */
  closeAs(gateway: string, until: number, at: number): void {
    if (this.isOld(at) || at < this.#passedAt) return;
    this.#closeUntil(until, at);
    this.closedBy = gateway;
  }

  #closeUntil(until: number, at: number): void {
    this.#until = Math.min(until, at + longestHeldMs);
    this.changedAt = at;
    this.closedBy = undefined;
    this.halfOpen(at);
  }

  /** After a reset: the next request is the trial. */
  halfOpen(now: number): void {
    this.closedAt = now;
    this.#trial = 'due';
  }

  /** There is reason to believe that the next request is let in. */
  tryAgain(now: number): void {
    if (now >= this.#until) return;
    this.#until = 0;
    this.changedAt = now;
    this.halfOpen(now);
  }

  sent(now: number): void {
    if (this.#trial === 'due') this.#trial = now;
  }

  /** The server let in the request that was sent then. */
  passed(sentAt: number, now: number): void {
    this.#passedAt = Math.max(this.#passedAt, sentAt);
    if (this.isOld(sentAt)) return;
    if (this.#until > 0 && sentAt > this.closedAt) this.open(now);
    this.#trial = undefined;
    this.refusals = 0;
  }

  open(now: number): void {
    this.#until = 0;
    this.#trial = undefined;
    this.changedAt = now;
  }

  /** The request that was sent then got no response. */
  lost(sentAt: number): void {
    if (sentAt === this.#trial) this.#trial = 'due';
  }
}
