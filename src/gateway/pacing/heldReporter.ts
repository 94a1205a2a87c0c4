import type { GatewayTimers, HeldRequests } from '../options.ts';

/** The shortest time between two reports. */
const reportMs = 150;

export interface HeldReporterOptions {
  readonly timers: GatewayTimers;
  readonly held: () => readonly HeldRequests[];
  readonly onHeld: (held: readonly HeldRequests[]) => void;
}

/** Reports changes of the held requests, at most about seven times a second. */
export class HeldReporter {
  readonly #options: HeldReporterOptions;
  #timer: object | number | undefined;
  #reported = '[]';

  constructor(options: HeldReporterOptions) {
    this.#options = options;
  }

  reportSoon(): void {
    this.#timer ??= this.#options.timers.setTimeout(() => {
      this.#timer = undefined;
      const held = this.#options.held();
      const text = JSON.stringify(held);
      if (text !== this.#reported) this.#options.onHeld(held);
      this.#reported = text;
      if (held.length > 0) this.reportSoon();
    }, reportMs);
  }

  close(): void {
    if (this.#timer !== undefined) this.#options.timers.clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#reported !== '[]') this.#options.onHeld([]);
  }
}
