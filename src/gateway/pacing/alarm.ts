import type { GatewayTimers } from '../options.ts';

/** Node's timers fire at once when set beyond 24.8 days. */
const maxTimerMs = 3_600_000;

export interface AlarmOptions {
  readonly timers: GatewayTimers;
  readonly now: () => number;
  /** The time has come, or an hour has passed. */
  readonly onRing: () => void;
}

/** One timer for a time of the clock, which may change at any moment. */
export class Alarm {
  readonly #options: AlarmOptions;
  #timer: object | number | undefined;
  #at = Number.POSITIVE_INFINITY;

  constructor(options: AlarmOptions) {
    this.#options = options;
  }

  /** Epoch ms; `Infinity`: not set. */
  get at(): number {
    return this.#at;
  }

  /** @param at epoch ms; `Infinity`: never */
  set(at: number): void {
    if (at === this.#at) return;
    const { now, timers, onRing } = this.#options;
    if (this.#timer !== undefined) timers.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#at = at;
    if (at === Number.POSITIVE_INFINITY) return;
    this.#timer = timers.setTimeout(
      () => {
        this.#at = Number.POSITIVE_INFINITY;
        this.#timer = undefined;
        onRing();
      },
      Math.min(maxTimerMs, Math.max(0, at - now())),
    );
  }
}
