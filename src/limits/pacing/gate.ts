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
      this.#until = Math.max(this.#until, until);
      return;
    }
    this.refusals += 1;
    this.closeUntil(until, now);
  }

  /** @param at of the refusal, which another gateway may have received */
  closeUntil(until: number, at: number): void {
    this.#until = until;
    this.halfOpen(at);
  }

  /** After a reset: the next request is the trial. */
  halfOpen(now: number): void {
    this.closedAt = now;
    this.#trial = 'due';
  }

  sent(now: number): void {
    if (this.#trial === 'due') this.#trial = now;
  }

  /** The server let in the request that was sent then. */
  passed(sentAt: number): void {
    if (this.isOld(sentAt)) return;
    this.#trial = undefined;
    this.refusals = 0;
  }

  /** The request that was sent then got no response. */
  lost(sentAt: number): void {
    if (sentAt === this.#trial) this.#trial = 'due';
  }
}
