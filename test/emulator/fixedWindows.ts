/** Fixed windows of one length, all starting together, counted by key. */
export class FixedWindows {
  readonly #origin: number;
  readonly #counts = new Map<string, { window: number; used: number }>();

  /** @param origin epoch ms at which a window starts, so that a fresh scenario has a whole one before it */
  constructor(origin: number) {
    this.#origin = origin;
  }

  used(key: string, now: number, windowSeconds = 300): number {
    const count = this.#counts.get(key);
    return count && count.window === this.#window(now, windowSeconds) ? count.used : 0;
  }

  /** Counts `amount` and tells whether it fitted under the limit; what does not fit is not counted. */
  take(key: string, limit: number, now: number, amount = 1, windowSeconds = 300): boolean {
    const used = this.used(key, now, windowSeconds);
    if (used + amount > limit) return false;
    this.fill(key, used + amount, now, windowSeconds);
    return true;
  }

  fill(key: string, used: number, now: number, windowSeconds = 300): void {
    this.#counts.set(key, { window: this.#window(now, windowSeconds), used });
  }

  /** Whole seconds until the window ends, at least 1. */
  secondsToReset(now: number, windowSeconds = 300): number {
    return Math.ceil(this.msToReset(now, windowSeconds) / 1000);
  }

  msToReset(now: number, windowSeconds = 300): number {
    const elapsed = now - this.#origin;
    return (
      windowSeconds * 1000 -
      (((elapsed % (windowSeconds * 1000)) + windowSeconds * 1000) % (windowSeconds * 1000))
    );
  }

  #window(now: number, windowSeconds: number): number {
    return Math.floor((now - this.#origin) / (windowSeconds * 1000));
  }
}
