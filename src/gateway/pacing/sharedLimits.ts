import type { Pacer } from '../../limits/pacing/pacer.ts';
import type { GatewayLedger, GatewayTimers } from '../options.ts';

/** So often gateways tell each other what they learned, while they have something to do. */
const shareMs = 900;
/** Older words are of windows that have passed. */
const heardMs = 15 * 60_000;
/** Later ones were written before the clock was set back. */
const futureMs = 10_000;

export interface SharedLimitsOptions {
  readonly ledger: GatewayLedger;
  readonly timers: GatewayTimers;
  readonly log: (line: string) => void;
  readonly now: () => number;
  readonly onImported: () => void;
}

/** What this gateway and others with the same ledger learned of limits, told to each other through it. */
export class SharedLimits {
  #pacer: Pacer;
  readonly #options: SharedLimitsOptions;
  #timer: object | number | undefined;
  #version: number | undefined;
  #activeAt = 0;
  /** Epoch ms up to which it was told. */
  #toldUntil = 0;

  constructor(pacer: Pacer, options: SharedLimitsOptions) {
    this.#pacer = pacer;
    this.#options = options;
  }

  /** Something goes upstream, or wants to: after a pause others may have learned something. */
  active(now: number): void {
    this.#activeAt = now;
    if (this.#timer !== undefined) return;
    this.#hear(now);
    this.#schedule();
  }

  /** With a pacer that knows nothing. */
  startOver(pacer: Pacer): void {
    this.#pacer = pacer;
    this.#version = undefined;
  }

  close(): void {
    if (this.#timer === undefined) return;
    this.#options.timers.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#tell(this.#options.now());
  }

  #schedule(): void {
    const { timers, now } = this.#options;
    this.#timer = timers.setTimeout(() => {
      this.#timer = undefined;
      const at = now();
      this.#tell(at);
      this.#hear(at);
      if (at - this.#activeAt < 2 * shareMs || this.#pacer.isHolding) this.#schedule();
    }, shareMs);
  }

  #tell(now: number): void {
    // a clock may be set back
    const since = Math.min(this.#toldUntil, now);
    this.#toldUntil = now;
    this.#attempt(() => {
      const learned = this.#pacer.export(now, since);
      if (learned.length > 0) this.#options.ledger.shareLimits(learned);
    });
  }

  #hear(now: number): void {
    this.#attempt(() => {
      const { ledger, onImported } = this.#options;
      const version = ledger.dataVersion();
      if (version === this.#version) return;
      this.#version = version;
      this.#pacer.import(ledger.sharedLimits(now - heardMs).filter(({ at }) => at < now + futureMs));
      onImported();
    });
  }

  /** A ledger that fails must not hold up requests. */
  #attempt(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#options.log(
        `gateway: limits are not shared: ${error instanceof Error ? error.message : 'unknown error'}`,
      );
    }
  }
}
