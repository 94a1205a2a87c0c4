import { fewestBodyBytes } from '../../limits/bounds.ts';

/** Whether a body that is waited for arrives: some bytes in each few ticks. */
export class BodyProgress {
  readonly #patience: number;
  #since: number;
  #bytes = 0;

  /** @param patience in ticks */
  constructor(tick: number, patience: number) {
    this.#since = tick;
    this.#patience = patience;
  }

  received(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Starts anew: the gateway did not read. */
  restart(tick: number): void {
    this.#since = tick;
    this.#bytes = 0;
  }

  isTooSlow(tick: number): boolean {
    if (tick - this.#since < this.#patience) return false;
    if (this.#bytes < fewestBodyBytes) return true;
    this.restart(tick);
    return false;
  }
}
