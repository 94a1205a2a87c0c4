/**
 * A refusal comes within a round trip, an answer of a model may take minutes: whoever was not refused for so long is
 * taken to have been let in.
 */
const consentMs = 1000;

/**
 * Closed by one refusal for all who share the limit, then half open: one request goes, and the others follow when it
 * got through. Times are epoch ms.
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

  /** The time until which it is closed; undefined: it is not. */
  closedUntil(now: number): number | undefined {
    return now < this.#until ? this.#until : undefined;
  }

  get closedAt(): number {
    return this.#closedAt;
  }

  /** Refusals in a row, each after another trial. */
  get refusals(): number {
    return this.#refusals;
  }

  /** Whether a refusal belongs to the closing that was before: it was sent before that. */
  isOld(sentAt: number): boolean {
    return sentAt < this.#closedAt;
  }

  close(until: number, now: number, sentAt: number): void {
    if (this.isOld(sentAt)) {
      this.#until = Math.max(this.#until, until);
      return;
    }
    this.#refusals += 1;
    this.closeAsTold(until, now);
  }

  /** Another gateway met the refusal, at `at`. */
  closeAsTold(until: number, at: number): void {
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

  /** Nothing refused: but nobody knows whether it is open again. */
  halfOpen(now: number): void {
    this.#closedAt = now;
    this.#isTrial = true;
    this.#trialAt = undefined;
  }

  sent(now: number): void {
    if (this.#isTrial) this.#trialAt ??= now;
  }

  /** The one that was sent then got through. */
  passed(sentAt: number): void {
    if (this.isOld(sentAt)) return;
    this.#isTrial = false;
    this.#trialAt = undefined;
    this.#refusals = 0;
  }

  /** The one that was sent then never came to an answer. */
  lost(sentAt: number): void {
    if (sentAt === this.#trialAt) this.#trialAt = undefined;
  }
}
