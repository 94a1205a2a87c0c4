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
  #closedAt = Number.NEGATIVE_INFINITY;
  #isTrial = false;
  #trialAt: number | undefined;
  #refusals = 0;

  /** 0: open. Else when to look again. */
  opensAt(now: number): number {
    if (now < this.#until) return this.#until;
    if (!this.#isTrial || this.#trialAt === undefined) return 0;
    const consentAt = this.#trialAt + consentMs;
    return now < consentAt ? consentAt : 0;
  }

  /** Undefined: not closed. */
  closedUntil(now: number): number | undefined {
    return now < this.#until ? this.#until : undefined;
  }

  get closedAt(): number {
    return this.#closedAt;
  }

  /** Refusals in a row, each of another trial. */
  get refusals(): number {
    return this.#refusals;
  }

  /** Whether the request was sent before the gate closed, so that its refusal is no news. */
  isOld(sentAt: number): boolean {
    return sentAt < this.#closedAt;
  }

  close(until: number, now: number, sentAt: number): void {
    if (this.isOld(sentAt)) {
      this.#until = Math.max(this.#until, until);
      return;
    }
    this.#refusals += 1;
    this.closeUntil(until, now);
  }

  /** @param at of the refusal, which another gateway may have received */
  closeUntil(until: number, at: number): void {
    this.#until = until;
    this.#closedAt = at;
    this.#isTrial = true;
    this.#trialAt = undefined;
  }

  open(): void {
    this.#until = 0;
    this.#closedAt = Number.NEGATIVE_INFINITY;
    this.#isTrial = false;
    this.#trialAt = undefined;
    this.#refusals = 0;
  }

  /** After a reset: the next request is the trial. */
  halfOpen(now: number): void {
    this.#closedAt = now;
    this.#isTrial = true;
    this.#trialAt = undefined;
  }

  sent(now: number): void {
    if (this.#isTrial) this.#trialAt ??= now;
  }

  /** The server let in the request that was sent then. */
  passed(sentAt: number): void {
    if (this.isOld(sentAt)) return;
    this.#isTrial = false;
    this.#trialAt = undefined;
    this.#refusals = 0;
  }

  /** The request that was sent then got no response. */
  lost(sentAt: number): void {
    if (sentAt === this.#trialAt) this.#trialAt = undefined;
  }
}
