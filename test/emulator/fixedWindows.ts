/** Fixed rate windows, counted by key. Windows of one length all start together. */
export class FixedWindows {
  readonly #origin: number;
  readonly #counts = new Map<string, { window: number; used: number }>();
  /** Epoch ms until which a window is full. */
  readonly #fullUntil = new Map<string, number>();

  /** @param origin epoch ms at which a window starts */
  constructor(origin: number) {
    this.#origin = origin;
  }

  /** Makes the window full until then, and fresh afterwards. */
  fill(key: string, until: number): void {
    this.#fullUntil.set(key, until);
    this.#counts.delete(key);
  }

  /** Infinite while the window was filled. */
  used(key: string, now: number, windowSeconds: number): number {
    if (now < (this.#fullUntil.get(key) ?? 0)) return Number.POSITIVE_INFINITY;
    const count = this.#counts.get(key);
    return count && count.window === this.#window(now, windowSeconds) ? count.used : 0;
  }

  /** Counts `amount`, or returns false without counting when the limit would be exceeded. */
  take(key: string, limit: number, now: number, amount: number, windowSeconds: number): boolean {
    const used = this.used(key, now, windowSeconds);
    if (used + amount > limit) return false;
    this.set(key, used + amount, now, windowSeconds);
    return true;
  }

  set(key: string, used: number, now: number, windowSeconds: number): void {
    this.#counts.set(key, { window: this.#window(now, windowSeconds), used });
  }

  /** Whole seconds until the window ends, at least 1. */
  secondsToReset(now: number, windowSeconds: number, key = ''): number {
    const fullMs = (this.#fullUntil.get(key) ?? 0) - now;
    return Math.ceil((fullMs > 0 ? fullMs : this.msToReset(now, windowSeconds)) / 1000);
  }

  msToReset(now: number, windowSeconds: number): number {
    return this.#origin + (this.#window(now, windowSeconds) + 1) * windowSeconds * 1000 - now;
  }

  /** Index of the window that `now` is in. */
  #window(now: number, windowSeconds: number): number {
    return Math.floor((now - this.#origin) / (windowSeconds * 1000));
  }
}
