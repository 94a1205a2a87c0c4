import { messageOf } from '../../limits/messageOf.ts';
import type { Pacer } from '../../limits/pacing/pacer.ts';
import type { GatewayLedger, GatewayTimers } from '../options.ts';

/** How often gateways with traffic exchange learned limits. */
const shareMs = 900;
/** Older rows are about windows that have passed. */
const readMs = 15 * 60_000;
/** A row may be written so long after its time. */
const lateMs = 10_000;

export interface SharedLimitsOptions {
  readonly ledger: Pick<GatewayLedger, 'shareLimits' | 'sharedLimits' | 'dataVersion'>;
  readonly timers: GatewayTimers;
  readonly log: (line: string) => void;
  readonly now: () => number;
  readonly onImported: () => void;
}

/** Exchanges learned limits with other gateways through the ledger. */
export class SharedLimits {
  #pacer: Pacer;
  readonly #options: SharedLimitsOptions;
  #timer: object | number | undefined;
  #version: number | undefined;
  /** Epoch ms of the last reading. Rows from long before it are known. */
  #readAt = 0;
  #activeAt = 0;
  /** Epoch ms of the last writing. */
  #writtenAt = 0;

  constructor(pacer: Pacer, options: SharedLimitsOptions) {
    this.#pacer = pacer;
    this.#options = options;
  }

  /** A request arrived: after a pause, others may have learned something. */
  active(now: number): void {
    this.#activeAt = now;
    if (this.#timer !== undefined) return;
    this.#read(now);
    this.#schedule();
  }

  /** @param pacer without learned limits */
  startOver(pacer: Pacer): void {
    this.#pacer = pacer;
    this.#version = undefined;
    this.#readAt = 0;
  }

  close(): void {
    if (this.#timer === undefined) return;
    this.#options.timers.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#write(this.#options.now());
  }

  #schedule(): void {
    const { timers, now } = this.#options;
    this.#timer = timers.setTimeout(() => {
      this.#timer = undefined;
      const at = now();
      this.#write(at);
      this.#read(at);
      if (at - this.#activeAt < 2 * shareMs || this.#pacer.isHolding) this.#schedule();
    }, shareMs);
  }

  #write(now: number): void {
    // a clock may be set back
    const since = Math.min(this.#writtenAt, now);
    this.#writtenAt = now;
    this.#attempt(() => {
      const learned = this.#pacer.book.export(now, since);
      if (learned.length > 0) this.#options.ledger.shareLimits(learned);
    });
  }

  #read(now: number): void {
    this.#attempt(() => {
      const { ledger, onImported } = this.#options;
      const version = ledger.dataVersion();
      if (version === this.#version) return;
      this.#version = version;
      const since = Math.max(now - readMs, Math.min(this.#readAt, now) - lateMs);
      this.#pacer.book.import(ledger.sharedLimits(since));
      this.#readAt = now;
      onImported();
    });
  }

  /** A failing ledger must not hold up requests. */
  #attempt(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#options.log(`gateway: limits are not shared: ${messageOf(error)}`);
    }
  }
}
