/** The emulator's clock: real time by default. It can run faster, stand still (rate 0), or jump. */
export class Clock {
  /** Clock error of the servers: shifts the times that they report, without letting time pass. */
  skewMs = 0;
  readonly #real: () => number;
  readonly #waiters = new Set<Waiter>();
  #realAnchor: number;
  #anchor: number;
  #rate = 1;

  constructor(real: () => number = Date.now) {
    this.#real = real;
    this.#realAnchor = real();
    this.#anchor = this.#realAnchor;
  }

  get rate(): number {
    return this.#rate;
  }

  /** Epoch ms. */
  now(): number {
    return Math.floor(this.#anchor + (this.#real() - this.#realAnchor) * this.#rate);
  }

  /** Epoch ms as the servers report it. */
  reportedNow(): number {
    return this.now() + this.skewMs;
  }

  set({ now, advanceMs, rate }: { now?: number; advanceMs?: number; rate?: number }): void {
    this.#anchor = (now ?? this.now()) + (advanceMs ?? 0);
    this.#realAnchor = this.#real();
    if (rate !== undefined) this.#rate = rate;
    for (const waiter of [...this.#waiters]) this.#schedule(waiter);
  }

  /** Resolves after `ms` of this clock, or when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const waiter: Waiter = { at: this.now() + ms, timer: undefined, done: () => {} };
      waiter.done = () => {
        clearTimeout(waiter.timer);
        this.#waiters.delete(waiter);
        signal.removeEventListener('abort', waiter.done);
        resolve();
      };
      if (signal.aborted) return resolve();
      signal.addEventListener('abort', waiter.done);
      this.#waiters.add(waiter);
      this.#schedule(waiter);
    });
  }

  #schedule(waiter: Waiter): void {
    clearTimeout(waiter.timer);
    const leftMs = waiter.at - this.now();
    if (leftMs <= 0) {
      waiter.done();
      return;
    }
    if (this.#rate <= 0) return;
    // The timer may fire a millisecond early because of rounding; it is scheduled again then.
    waiter.timer = setTimeout(
      () => this.#schedule(waiter),
      Math.min(Math.ceil(leftMs / this.#rate), 2 ** 31 - 1),
    );
  }
}

interface Waiter {
  readonly at: number;
  timer: NodeJS.Timeout | undefined;
  done: () => void;
}

/** First millisecond of the UTC month that `now` is in. */
export function monthStart(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

/** Last millisecond of the UTC month that `now` is in. */
export function monthEnd(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) - 1;
}

export function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
