import type { RateWindow } from '../headers/rateLimit.ts';

/** Servers report a reset in whole seconds, rounded up. */
const wholeSecondMs = 1000;
const mostJitterMs = 500;
/** So many words in a row of a bucket which fills all the time, the last one with another reset than the first. */
const fillWords = 3;
const fillTolerance = 0.02;

/**
 * One window of a server. When it resets is known as a span: the server told whole seconds, and the answer was on its
 * way for a while. Two answers tell of the same window when their spans have a moment in common.
 */
export class PaceWindow {
  readonly bucket: string;
  readonly unit: 'requests' | 'tokens';
  readonly isShownOnly: boolean;
  /** In [0, 1): so that not all who wait for the reset come at once. */
  readonly #jitter: number;
  limit: number | undefined;
  windowMs: number | undefined;
  /** The least that was told in this window, less what was counted since and not told. */
  remaining: number | undefined;
  resetsFrom: number | undefined;
  resetsAt: number | undefined;
  /** Epoch ms of the last word of the server. */
  asOf = 0;
  /** It has ended, and nobody told of the next one: what remains is what it should be. */
  isOver = false;
  /** Somebody waits for its reset. */
  isWaitedFor = false;
  /** Requests of ours that were answered since the server first told of this window, and what remained then. */
  #ownSince = 0;
  #remainingAtFirst: number | undefined;
  #fillWords = 0;
  /** Epoch ms: the reset in the first of them. */
  #fillsFrom = 0;

  constructor({ bucket, unit = 'requests', isShownOnly }: RateWindow, jitter: number) {
    this.bucket = bucket;
    this.unit = unit;
    this.isShownOnly = isShownOnly === true;
    this.#jitter = jitter;
  }

  /** Epoch ms at which somebody who waited for its reset may come. */
  get opensAt(): number {
    const resetsAt = this.resetsAt ?? 0;
    return Math.ceil(resetsAt + this.#jitter * Math.min(mostJitterMs, (this.windowMs ?? 60_000) / 600));
  }

  /** What is told as its reset is when it is full again, as with Groq. */
  get fillsSlowly(): boolean {
    return this.#fillWords >= fillWords && !this.isOver;
  }

  /** What may be used now; undefined: not known. */
  left(now: number): number | undefined {
    const { remaining, limit = 0, windowMs, resetsAt = 0 } = this;
    if (remaining === undefined || windowMs === undefined || !this.fillsSlowly) return remaining;
    return Math.max(remaining, Math.floor(limit * (1 - (resetsAt - now) / windowMs)));
  }

  /** Epoch ms at which so much may be used. */
  opensFor(needed: number, now: number): number {
    const { limit, windowMs, resetsAt = 0 } = this;
    if (limit === undefined || limit <= 0 || windowMs === undefined || !this.fillsSlowly) return this.opensAt;
    const at = Math.ceil(resetsAt - (1 - needed / limit) * windowMs) + 1;
    return Math.min(this.opensAt, Math.max(now + 1, at));
  }

  #hearFilling({ limit, remaining, windowSeconds, resetsAt, asOf }: RateWindow): void {
    if (limit === undefined || remaining === undefined || remaining >= limit * (1 - fillTolerance)) return;
    if (windowSeconds === undefined || resetsAt === undefined) return;
    const windowMs = windowSeconds * 1000;
    if (Math.abs(1 - remaining / limit - (resetsAt - asOf) / windowMs) > fillTolerance) this.#fillWords = 0;
    else if (this.#fillWords === 0) {
      this.#fillWords = 1;
      this.#fillsFrom = resetsAt;
    } else if (this.fillsSlowly || this.#fillWords < fillWords - 1) this.#fillWords += 1;
    else if (resetsAt - this.#fillsFrom > 2 * fillTolerance * windowMs) this.#fillWords = fillWords;
  }

  /** Of a window that has ended, the next one. Tells whether somebody waits for it and should try first. */
  rollOver(now: number): boolean {
    if (this.isOver || this.resetsAt === undefined || now < this.opensAt) return false;
    this.isOver = true;
    this.remaining = this.limit !== undefined && this.limit > 0 ? this.limit : undefined;
    const wasWaitedFor = this.isWaitedFor;
    this.isWaitedFor = false;
    return wasWaitedFor;
  }

  /** @param sentAt epoch ms at which the request of the reporting response was sent. */
  learn(reported: RateWindow, sentAt: number): void {
    this.#hearFilling(reported);
    const { asOf, windowSeconds = 0, remaining, resetsAt, resetsFrom } = reported;
    const onWayMs = asOf - sentAt;
    if (resetsAt !== undefined) {
      this.#hear({ ...reported, resetsFrom: (resetsFrom ?? resetsAt - wholeSecondMs) - onWayMs }, sentAt);
    } else if (remaining === 0 && windowSeconds > 0) {
      // no reset reported: a spent window lasts its length at most
      this.#hear({ ...reported, resetsFrom: sentAt, resetsAt: asOf + windowSeconds * 1000 }, sentAt);
    } else this.#hear(reported, sentAt);
  }

  /** What another gateway was told. */
  import(learned: RateWindow): void {
    if (learned.asOf > this.asOf) this.#hear(learned, learned.asOf);
  }

  #hear(told: RateWindow, sentAt: number): void {
    const { resetsFrom, resetsAt, remaining } = told;
    const [from, by] = [this.resetsFrom, this.resetsAt];
    if (resetsFrom === undefined || resetsAt === undefined) {
      if (by === undefined) this.#begin(told);
    } else if (from === undefined || by === undefined || resetsFrom > by || (this.isOver && sentAt > by)) {
      this.#begin(told);
    } else if (resetsAt < from) {
      // an answer that was long on its way, unless it was asked for after the last word
      if (sentAt <= this.asOf) return;
      this.#begin(told);
    } else if (this.isOver) {
      return;
    } else {
      this.resetsFrom = Math.max(from, resetsFrom);
      this.resetsAt = Math.min(by, resetsAt);
      if (remaining !== undefined) this.remaining = Math.min(this.remaining ?? remaining, remaining);
      this.#remainingAtFirst ??= remaining;
    }
    if (told.limit !== undefined) this.limit = told.limit;
    if (told.windowSeconds !== undefined) this.windowMs = told.windowSeconds * 1000;
    this.asOf = Math.max(this.asOf, told.asOf);
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

  /** It was refused because of this window: a reset that was told as now is not yet. */
  refused({ asOf, resetsAt = asOf, resetsFrom = resetsAt - wholeSecondMs }: RateWindow): void {
    this.remaining = 0;
    this.isOver = false;
    this.#fillWords = 0;
    this.resetsAt = Math.max(this.resetsAt ?? 0, asOf + resetsAt - resetsFrom);
  }

  /** Something of ours was counted, and the server did not tell. */
  spend(amount: number): void {
    if (this.isOver || this.resetsAt === undefined) this.remaining = undefined;
    else if (this.remaining !== undefined) this.remaining = Math.max(0, this.remaining - amount);
  }

  /** An answer told of it. Says whether more was used than by us. @param inFlight of ours, not answered yet. */
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
    const { bucket, unit, limit, remaining, windowMs, resetsFrom, resetsAt, asOf } = this;
    return {
      bucket,
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
