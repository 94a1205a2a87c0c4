import { longestHeldMs } from '../bounds.ts';
import type { RateWindow } from '../headers/rateLimit.ts';

/** Servers report a reset in whole seconds, rounded up. */
const wholeSecondMs = 1000;
const mostJitterMs = 500;
/** Reports in a row that fit a steadily filling bucket, the last one with another reset than the first. */
const fillReports = 3;
const fillTolerance = 0.02;
/** A report of another gateway may have been on its way together with an own one. */
const togetherMs = 2_000;

/**
 * One window of a server. Its reset is known as a span: servers report whole seconds, and a response is on
 * its way for a while. Two reports whose spans overlap are about the same window.
 */
export class PaceWindow {
  readonly bucket: string;
  /** The provider behind the router that reported it. */
  readonly provider: string | undefined;
  readonly unit: 'requests' | 'tokens';
  readonly isShownOnly: boolean;
  /** In [0, 1): spreads the requests of several gateways after a reset. */
  readonly #jitter: number;
  limit: number | undefined;
  windowMs: number | undefined;
  /** The least reported in this window, less requests since then that no response reported. */
  remaining: number | undefined;
  resetsFrom: number | undefined;
  resetsAt: number | undefined;
  /** Epoch ms of the server's last report. */
  asOf = 0;
  /** The window has ended, and no report of the next one came: `remaining` is inferred. */
  isOver = false;
  /** Requests wait for the reset. */
  isWaitedFor = false;
  /** Own responses since the first report of this window, and what remained then. */
  #ownSince = 0;
  #remainingAtFirst: number | undefined;
  #fillReports = 0;
  /** Epoch ms of the reset in the first of those reports. */
  #fillsFrom = 0;

  constructor({ bucket, provider, unit = 'requests', isShownOnly }: RateWindow, jitter: number) {
    this.bucket = bucket;
    this.provider = provider;
    this.unit = unit;
    this.isShownOnly = isShownOnly === true;
    this.#jitter = jitter;
  }

  isOf({ bucket, provider }: RateWindow): boolean {
    return bucket === this.bucket && provider === this.provider;
  }

  /** Epoch ms of the reset, at most an hour after the report: then one request tries a longer window. */
  get #endsAt(): number {
    return Math.min(this.resetsAt ?? 0, this.asOf + longestHeldMs);
  }

  /** Epoch ms at which requests that waited for the reset may go. */
  get opensAt(): number {
    return Math.ceil(this.#endsAt + this.#jitter * Math.min(mostJitterMs, (this.windowMs ?? 60_000) / 600));
  }

  /** The reported reset is the time at which the bucket is full again, as with Groq. */
  get fillsSlowly(): boolean {
    return this.#fillReports >= fillReports && !this.isOver;
  }

  /** Requests or tokens that may be used now; undefined: not known. */
  left(now: number): number | undefined {
    const { remaining, limit = 0, windowMs, resetsAt = 0 } = this;
    if (remaining === undefined || windowMs === undefined || !this.fillsSlowly) return remaining;
    return Math.max(remaining, Math.floor(limit * (1 - (resetsAt - now) / windowMs)));
  }

  /** Epoch ms at which `needed` may be used. */
  opensFor(needed: number, now: number): number {
    const { limit, windowMs, resetsAt = 0 } = this;
    if (limit === undefined || limit <= 0 || windowMs === undefined || !this.fillsSlowly) return this.opensAt;
    const at = Math.ceil(resetsAt - (1 - needed / limit) * windowMs) + 1;
    return Math.min(this.opensAt, Math.max(now + 1, at));
  }

  #noteFilling({ limit, remaining, windowSeconds, resetsAt, asOf }: RateWindow): void {
    if (limit === undefined || remaining === undefined || remaining >= limit * (1 - fillTolerance)) return;
    if (windowSeconds === undefined || resetsAt === undefined) return;
    const windowMs = windowSeconds * 1000;
    if (Math.abs(1 - remaining / limit - (resetsAt - asOf) / windowMs) > fillTolerance) this.#fillReports = 0;
    else if (this.#fillReports === 0) {
      this.#fillReports = 1;
      this.#fillsFrom = resetsAt;
    } else if (this.fillsSlowly || this.#fillReports < fillReports - 1) this.#fillReports += 1;
    else if (resetsAt - this.#fillsFrom > 2 * fillTolerance * windowMs) this.#fillReports = fillReports;
  }

  /**
   * Begins the next window after the reset. True: requests waited for it, so one of them should try first.
   */
  rollOver(now: number): boolean {
    if (this.isOver || this.resetsAt === undefined || now < this.opensAt) return false;
    this.isOver = true;
    const isReset = now >= this.resetsAt;
    this.remaining = isReset && this.limit !== undefined && this.limit > 0 ? this.limit : undefined;
    const wasWaitedFor = this.isWaitedFor;
    this.isWaitedFor = false;
    return wasWaitedFor;
  }

  /** @param sentAt epoch ms at which the request of the reporting response was sent. */
  learn(reported: RateWindow, sentAt: number): void {
    this.#noteFilling(reported);
    const { asOf, windowSeconds = 0, remaining, resetsAt, resetsFrom } = reported;
    if (resetsAt !== undefined) {
      const from = (resetsFrom ?? resetsAt - wholeSecondMs) - (asOf - sentAt);
      this.#take({ ...reported, resetsFrom: from }, sentAt);
    } else if (remaining === 0 && windowSeconds > 0) {
      // no reset reported: a spent window lasts its length at most
      this.#take({ ...reported, resetsFrom: sentAt, resetsAt: asOf + windowSeconds * 1000 }, sentAt);
    } else this.#take(reported, sentAt);
  }

  /** A report that another gateway received. */
  import(learned: RateWindow): void {
    if (learned.asOf > this.asOf) this.#take(learned, learned.asOf, togetherMs);
  }

  /** @param awayMs how long the report may have been on its way */
  #take(reported: RateWindow, sentAt: number, awayMs = 0): void {
    const { resetsFrom, resetsAt, remaining } = reported;
    const [from, by] = [this.resetsFrom, this.resetsAt];
    if (resetsFrom === undefined || resetsAt === undefined) {
      if (by === undefined) this.#begin(reported);
    } else if (
      from === undefined ||
      by === undefined ||
      resetsFrom > by ||
      (this.isOver && sentAt > this.#endsAt)
    ) {
      this.#begin(reported);
    } else if (resetsAt < from) {
      // a response that was long on its way, unless its request was sent after the last report
      if (sentAt <= this.asOf) return;
      this.#begin(reported);
    } else if (this.isOver) {
      return;
    } else {
      this.resetsFrom = Math.max(from, resetsFrom);
      this.resetsAt = Math.min(by, resetsAt);
      // of responses that were on their way together the least is right, else the last one
      const known = sentAt - awayMs > this.asOf ? undefined : this.remaining;
      if (remaining !== undefined) this.remaining = Math.min(known ?? remaining, remaining);
      this.#remainingAtFirst ??= remaining;
    }
    if (reported.limit !== undefined) this.limit = reported.limit;
    if (reported.windowSeconds !== undefined) this.windowMs = reported.windowSeconds * 1000;
    this.asOf = Math.max(this.asOf, reported.asOf);
  }

  #begin({ remaining, resetsFrom, resetsAt }: RateWindow): void {
    this.remaining = remaining;
    this.resetsFrom = resetsFrom;
    this.resetsAt = resetsAt;
    this.isOver = false;
    this.isWaitedFor = false;
    this.#ownSince = 0;
    this.#remainingAtFirst = remaining;
  }

  /** The window caused a refusal: a reset that was reported as now has not come yet. */
  refused({ asOf, resetsAt = asOf, resetsFrom = resetsAt - wholeSecondMs }: RateWindow): void {
    this.remaining = 0;
    this.isOver = false;
    this.#fillReports = 0;
    this.asOf = Math.max(this.asOf, asOf);
    this.resetsAt = Math.max(this.resetsAt ?? 0, asOf + resetsAt - resetsFrom);
  }

  /** The server let in a request that was sent after the window was reported as spent. */
  disprove(sentAt: number): void {
    if (this.remaining !== 0 || sentAt <= this.asOf) return;
    this.remaining = undefined;
    this.asOf = sentAt;
  }

  /** The server counted an own request and reported nothing. */
  spend(amount: number): void {
    if (this.isOver || this.resetsAt === undefined) this.remaining = undefined;
    else if (this.remaining !== undefined) this.remaining = Math.max(0, this.remaining - amount);
  }

  /**
   * A response reported the window. True: others used it too.
   * @param inFlight own requests without a response
   */
  answered(inFlight: number): boolean {
    this.#ownSince += 1;
    if (this.unit === 'tokens' || this.remaining === undefined || this.#remainingAtFirst === undefined) {
      return false;
    }
    return this.#remainingAtFirst - this.remaining > this.#ownSince + inFlight;
  }

  isSpent(now: number): boolean {
    return !this.isShownOnly && !this.isOver && this.remaining === 0 && this.opensAt > now;
  }

  export(): RateWindow {
    const { bucket, provider, unit, limit, remaining, windowMs, resetsFrom, resetsAt, asOf } = this;
    return {
      bucket,
      ...(provider !== undefined && { provider }),
      unit,
      ...(limit !== undefined && { limit }),
      ...(remaining !== undefined && { remaining }),
      ...(windowMs !== undefined && { windowSeconds: windowMs / 1000 }),
      ...(resetsFrom !== undefined && { resetsFrom }),
      ...(resetsAt !== undefined && { resetsAt }),
      asOf,
      source: 'header',
      ...(this.isShownOnly && { isShownOnly: true }),
    };
  }
}
