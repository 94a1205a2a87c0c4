import type { GatewayTimers, HeldRequests } from '../options.ts';

/** How often at most it is told who waits. */
const tellMs = 150;

export interface HeldTellingOptions {
  readonly timers: GatewayTimers;
  /** Who waits now. */
  readonly held: () => readonly HeldRequests[];
  readonly onHeld: (held: readonly HeldRequests[]) => void;
}

/** Tells who waits for a limit, some times a second while somebody does, and only what is new. */
export class HeldTelling {
  readonly #options: HeldTellingOptions;
  #timer: object | number | undefined;
  #told = '[]';

  constructor(options: HeldTellingOptions) {
    this.#options = options;
  }

  tellSoon(): void {
    this.#timer ??= this.#options.timers.setTimeout(() => {
      this.#timer = undefined;
      const held = this.#options.held();
      const text = JSON.stringify(held);
      if (text !== this.#told) this.#options.onHeld(held);
      this.#told = text;
      if (held.length > 0) this.tellSoon();
    }, tellMs);
  }

  close(): void {
    if (this.#timer !== undefined) this.#options.timers.clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#told !== '[]') this.#options.onHeld([]);
  }
}
