import type { GatewayTimers } from '../options.ts';

/** Node's timers fire at once when they are set for too long. */
const longestTimerMs = 3_600_000;

export interface AlarmOptions {
  readonly timers: GatewayTimers;
  readonly now: () => number;
  /** Its time has come, or an hour has passed. */
  readonly onRing: () => void;
}

/** One time of the clock that is waited for, and may be another one any moment. */
export class Alarm {
  readonly #options: AlarmOptions;
  #timer: object | number | undefined;
  #at = Number.POSITIVE_INFINITY;

  constructor(options: AlarmOptions) {
    this.#options = options;
  }

  /** Epoch ms; `Infinity`: it is not set. */
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
      Math.min(longestTimerMs, Math.max(0, at - now())),
    );
  }
}
