/** A process that ran this long was well: its end begins a new series. */
const wellAfterMs = 60_000;
const initialDelayMs = 250;
const mostCrashes = 5;

/** Crashes that follow each other: how long the next start waits, and when there is no further one. */
export class CrashSeries {
  readonly #firstDelayMs: number;
  #crashes = 0;

  /** @param firstDelayMs doubles from crash to crash */
  constructor(firstDelayMs = initialDelayMs) {
    this.#firstDelayMs = firstDelayMs;
  }

  get hasBegun(): boolean {
    return this.#crashes > 0;
  }

  get isGivenUp(): boolean {
    return this.#crashes > mostCrashes;
  }

  /** Before the next start. */
  get delayMs(): number {
    return this.#firstDelayMs * 2 ** (this.#crashes - 1);
  }

  /** @param ranMs 0: it did not get as far as to listen */
  crashed(ranMs: number): void {
    if (ranMs >= wellAfterMs) this.#crashes = 0;
    this.#crashes++;
  }

  /** Somebody asked for a start, who does not wait for one. */
  forget(): void {
    this.#crashes = 0;
  }
}
