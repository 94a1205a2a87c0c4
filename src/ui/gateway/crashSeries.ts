/** A crash after this long starts a new series. */
const stableAfterMs = 60_000;
const initialDelayMs = 250;
const mostCrashes = 5;

/** Consecutive crashes of the gateway: the delay before the next start, and whether there is one. */
export class CrashSeries {
  readonly #firstDelayMs: number;
  #crashes = 0;

  /** @param firstDelayMs doubles with each crash */
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

  /** @param ranMs 0: it never listened */
  crashed(ranMs: number): void {
    if (ranMs >= stableAfterMs) this.#crashes = 0;
    this.#crashes++;
  }

  /** Ends the series: a person asked for a start. */
  forget(): void {
    this.#crashes = 0;
  }
}
