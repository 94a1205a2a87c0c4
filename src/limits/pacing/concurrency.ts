const firstWidth = 4;
/** Doubles in 0.28 s of waiting; a refusal is back before that has overshot by much. */
const growthPerMs = 2.5 / 1000;
const longestGrowthMs = 200;
/** At one look. */
const mostGrowth = 1 / 16;
const growthPerAnswer = 1 / 8;
/** So many answers without a refusal, and one more is tried: that costs one refusal in as many requests. */
const answersBeforeProbe = 512;
const mostAnswersBeforeProbe = 16_384;
/** The limit of yesterday may be another one today. */
const forgetMs = 5 * 60_000;

/**
 * How many requests may be in flight where no header tells: additive increase, multiplicative decrease. It starts
 * narrow and widens by itself while it is waited for, since a server that refuses does so at once. After a refusal it
 * halves once, comes back quickly to just below where it was refused, and tries one more only rarely from there.
 */
export class Concurrency {
  #width = firstWidth;
  #ceiling = Number.POSITIVE_INFINITY;
  #reducedAt = Number.NEGATIVE_INFINITY;
  #answersAtCeiling = 0;
  #probeAfter = answersBeforeProbe;
  #isWaitedFor = false;
  #grownAt = 0;

  /** A limit was met that no window explains. */
  get isLimited(): boolean {
    return this.#ceiling !== Number.POSITIVE_INFINITY;
  }

  get width(): number {
    return Math.floor(this.#width);
  }

  /** 0: one more may go. Else when to look again: `Infinity` for when another one has ended. */
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
    // a process that could not look for a while must not make up for it: refusals would be as late
    this.#widenTo(Math.min(grown, this.#width + Math.max(1, this.#width * mostGrowth)));
  }

  #widenTo(width: number): void {
    this.#width = Math.min(this.#ceiling, width);
  }

  /** @param inFlight with the one that was answered. */
  answered(inFlight: number, now: number): void {
    if (inFlight < this.width) return;
    if (this.#width < this.#ceiling) {
      this.#widenTo(this.#width + (this.isLimited ? 1 : growthPerAnswer));
      return;
    }
    this.#answersAtCeiling += 1;
    const enough = now - this.#reducedAt > forgetMs ? this.#width : this.#probeAfter;
    if (this.#answersAtCeiling < enough) return;
    this.#answersAtCeiling = 0;
    this.#probeAfter = Math.max(answersBeforeProbe / 16, this.#probeAfter / 2);
    this.#ceiling += 1;
    this.#width = this.#ceiling;
  }

  /**
   * @param inFlightAtSend of the refused request, with itself: one less was not too many, as far as is known.
   * @param isOurs whether it may have been refused for what is in flight.
   */
  refused(inFlightAtSend: number, sentAt: number, now: number, isOurs: boolean): void {
    if (isOurs && inFlightAtSend > 1) {
      // of one that is refused near a ceiling that was found before, others overtook it on the way
      const isNear =
        this.isLimited && sentAt >= this.#reducedAt && this.#ceiling - inFlightAtSend <= this.#ceiling / 8;
      this.#ceiling = isNear ? Math.max(1, this.#ceiling - 1) : Math.min(this.#ceiling, inFlightAtSend - 1);
      this.#width = Math.min(this.#width, this.#ceiling);
    }
    if (sentAt < this.#reducedAt) return;
    this.#reducedAt = now;
    this.#width = Math.max(1, Math.min(this.#width, inFlightAtSend) / 2);
    this.#answersAtCeiling = 0;
    this.#probeAfter = Math.min(mostAnswersBeforeProbe, Math.max(answersBeforeProbe, this.#probeAfter * 4));
  }
}
