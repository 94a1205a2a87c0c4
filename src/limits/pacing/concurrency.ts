const firstWidth = 4;
/** Doubles in 0.28 s of waiting: a refusal comes back before the width overshoots by much. */
const growthPerMs = 2.5 / 1000;
const longestGrowthMs = 200;
/** Share of the width that one call may add. */
const mostGrowth = 1 / 16;
const growthPerResponse = 1 / 8;
/** Responses without a refusal before one more request is tried; the try may cost one refusal. */
const responsesBeforeProbe = 512;
const mostResponsesBeforeProbe = 16_384;
/** Age at which a ceiling is tried again: the server's limit may have changed. */
const forgetMs = 5 * 60_000;

/**
 * How many requests may be in flight when no header says so: additive increase, multiplicative decrease. It
 * starts narrow and widens while requests wait, since servers refuse at once. A refusal halves it once; then
 * it grows back quickly to just below the refused width, and tries one more request only rarely.
 */
export class Concurrency {
  #width = firstWidth;
  #ceiling = Number.POSITIVE_INFINITY;
  #reducedAt = Number.NEGATIVE_INFINITY;
  #responsesAtCeiling = 0;
  #probeAfter = responsesBeforeProbe;
  #isWaitedFor = false;
  #grownAt = 0;

  /** The server refused a width that no window explains. */
  get isLimited(): boolean {
    return this.#ceiling !== Number.POSITIVE_INFINITY;
  }

  get width(): number {
    return Math.floor(this.#width);
  }

  /** 0: one more may go. Else epoch ms at which to look again; `Infinity`: when another request has ended. */
  opensAt(inFlight: number, now: number): number {
    if (this.#isWaitedFor) this.#widen(now);
    if (inFlight < this.width) {
      this.#isWaitedFor = false;
      return 0;
    }
    this.#isWaitedFor = true;
    this.#grownAt = now;
    if (this.#width >= this.#ceiling) return Number.POSITIVE_INFINITY;
    return now + Math.max(1, Math.ceil(Math.log((this.width + 1) / this.#width) / growthPerMs));
  }

  #widen(now: number): void {
    const passedMs = Math.min(longestGrowthMs, Math.max(0, now - this.#grownAt));
    this.#grownAt = now;
    const grown = this.#width * Math.exp(growthPerMs * passedMs);
    // after a pause of the process it does not catch up: refusals would be as late
    const most = this.#width + Math.max(1, this.#width * mostGrowth);
    this.#width = Math.min(this.#ceiling, grown, most);
  }

  /** @param inFlight with the answered request */
  answered(inFlight: number, now: number): void {
    if (inFlight < this.width) return;
    if (this.#width < this.#ceiling) {
      this.#width = Math.min(this.#ceiling, this.#width + (this.isLimited ? 1 : growthPerResponse));
      return;
    }
    this.#responsesAtCeiling += 1;
    const enough = now - this.#reducedAt > forgetMs ? this.#width : this.#probeAfter;
    if (this.#responsesAtCeiling < enough) return;
    this.#responsesAtCeiling = 0;
    this.#probeAfter = Math.max(responsesBeforeProbe / 16, this.#probeAfter / 2);
    this.#ceiling += 1;
    this.#width = this.#ceiling;
  }

  /**
   * @param inFlightAtSend with the refused request: one less was not too many, as far as is known
   * @param isOurs whether the requests in flight may be the reason
   */
  refused(inFlightAtSend: number, sentAt: number, now: number, isOurs: boolean): void {
    if (isOurs && inFlightAtSend > 1) {
      // refused near a known ceiling: other requests overtook this one
      const isNear =
        this.isLimited && sentAt >= this.#reducedAt && this.#ceiling - inFlightAtSend <= this.#ceiling / 8;
      this.#ceiling = isNear ? Math.max(1, this.#ceiling - 1) : Math.min(this.#ceiling, inFlightAtSend - 1);
      this.#width = Math.min(this.#width, this.#ceiling);
    }
    if (sentAt < this.#reducedAt) return;
    this.#reducedAt = now;
    this.#width = Math.max(1, Math.min(this.#width, inFlightAtSend) / 2);
    this.#responsesAtCeiling = 0;
    this.#probeAfter = Math.min(
      mostResponsesBeforeProbe,
      Math.max(responsesBeforeProbe, this.#probeAfter * 4),
    );
  }
}
