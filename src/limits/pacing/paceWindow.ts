import type { ToldWindow } from './reportedWindows.ts';

/** What one gateway knows of a window, for the others that share it. */
export interface LearnedWindow {
  readonly name: string;
  readonly unit: 'requests' | 'tokens';
  readonly limit?: number;
  readonly remaining?: number;
  readonly windowSeconds?: number;
  /** Epoch ms between which it resets. */
  readonly resetsFrom?: number;
  readonly resetsBy?: number;
  /** Epoch ms. */
  readonly asOf: number;
  readonly isShownOnly?: true;
}

const mostJitterMs = 500;
/** So many words in a row of a bucket which fills all the time, the last one with another reset than the first. */
const fillWords = 3;
const fillTolerance = 0.02;

/**
 * One window of a server. When it resets is known as a span: the server told whole seconds, and the answer was on its
 * way for a while. Two answers tell of the same window when their spans have a moment in common.
 */
export class PaceWindow {
  readonly name: string;
  readonly unit: 'requests' | 'tokens';
  readonly isShownOnly: boolean;
  /** In [0, 1): so that not all who wait for the reset come at once. */
  readonly #jitter: number;
  limit: number | undefined;
  windowMs: number | undefined;
  /** The least that was told in this window, less what was counted since and not told. */
  remaining: number | undefined;
  resetsFrom: number | undefined;
  resetsBy: number | undefined;
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

  constructor(told: Pick<ToldWindow, 'name' | 'unit' | 'isShownOnly'>, jitter: number) {
    this.name = told.name;
    this.unit = told.unit;
    this.isShownOnly = told.isShownOnly === true;
    this.#jitter = jitter;
  }

  /** Epoch ms at which somebody who waited for its reset may come. */
  get opensAt(): number {
    const resetsBy = this.resetsBy ?? 0;
    return Math.ceil(resetsBy + this.#jitter * Math.min(mostJitterMs, (this.windowMs ?? 60_000) / 600));
  }

  /** What is told as its reset is when it is full again, as with Groq. */
  get fillsSlowly(): boolean {
    return this.#fillWords >= fillWords && !this.isOver;
  }

  /** What may be used now; undefined: not known. */
  left(now: number): number | undefined {
    const { remaining, limit = 0, windowMs, resetsBy = 0 } = this;
    if (remaining === undefined || windowMs === undefined || !this.fillsSlowly) return remaining;
    return Math.max(remaining, Math.floor(limit * (1 - (resetsBy - now) / windowMs)));
  }

  /** Epoch ms at which so much may be used. */
  opensFor(needed: number, now: number): number {
    const { limit, windowMs, resetsBy = 0 } = this;
    if (limit === undefined || limit <= 0 || windowMs === undefined || !this.fillsSlowly) return this.opensAt;
    const at = Math.ceil(resetsBy - (1 - needed / limit) * windowMs) + 1;
    return Math.min(this.opensAt, Math.max(now + 1, at));
  }

  #hearFilling({ limit, remaining, windowSeconds, resetsInMs }: ToldWindow, now: number): void {
    if (limit === undefined || remaining === undefined || remaining >= limit * (1 - fillTolerance)) return;
    if (windowSeconds === undefined || resetsInMs === undefined) return;
    const windowMs = windowSeconds * 1000;
    const resetsAt = now + resetsInMs;
    if (Math.abs(1 - remaining / limit - resetsInMs / windowMs) > fillTolerance) this.#fillWords = 0;
    else if (this.#fillWords === 0) {
      this.#fillWords = 1;
      this.#fillsFrom = resetsAt;
    } else if (this.fillsSlowly || this.#fillWords < fillWords - 1) this.#fillWords += 1;
    else if (resetsAt - this.#fillsFrom > 2 * fillTolerance * windowMs) this.#fillWords = fillWords;
  }

  /** Of a window that has ended, the next one. Tells whether somebody waits for it and should try first. */
  rollOver(now: number): boolean {
    if (this.isOver || this.resetsBy === undefined || now < this.opensAt) return false;
    this.isOver = true;
    this.remaining = this.limit !== undefined && this.limit > 0 ? this.limit : undefined;
    const wasWaitedFor = this.isWaitedFor;
    this.isWaitedFor = false;
    return wasWaitedFor;
  }

  /** @param sentAt when the request was sent whose answer it is. */
  learn(told: ToldWindow, sentAt: number, now: number): void {
    this.#hearFilling(told, now);
    const windowMs = told.windowSeconds === undefined ? undefined : told.windowSeconds * 1000;
    // of a spent window of which nobody told when it resets, it is known how long it lasts at most
    const resetsInMs = told.resetsInMs ?? (told.remaining === 0 ? windowMs : undefined);
    const resolutionMs = told.resetsInMs === undefined ? (windowMs ?? 0) : told.resolutionMs;
    this.#hear(
      {
        ...told,
        resetsFrom: resetsInMs === undefined ? undefined : sentAt + resetsInMs - resolutionMs,
        resetsBy: resetsInMs === undefined ? undefined : now + resetsInMs,
        asOf: now,
      },
      sentAt,
    );
  }

  /** What another gateway was told. */
  import(learned: LearnedWindow): void {
    if (learned.asOf > this.asOf) this.#hear(learned, learned.asOf);
  }

  #hear(told: LearnedWindow, sentAt: number): void {
    const { resetsFrom, resetsBy, remaining } = told;
    const [from, by] = [this.resetsFrom, this.resetsBy];
    if (resetsFrom === undefined || resetsBy === undefined) {
      if (by === undefined) this.#begin(told);
    } else if (from === undefined || by === undefined || resetsFrom > by || (this.isOver && sentAt > by)) {
      this.#begin(told);
    } else if (resetsBy < from) {
      // an answer that was long on its way, unless it was asked for after the last word
      if (sentAt <= this.asOf) return;
      this.#begin(told);
    } else if (this.isOver) {
      return;
    } else {
      this.resetsFrom = Math.max(from, resetsFrom);
      this.resetsBy = Math.min(by, resetsBy);
      if (remaining !== undefined) this.remaining = Math.min(this.remaining ?? remaining, remaining);
      this.#remainingAtFirst ??= remaining;
    }
    if (told.limit !== undefined) this.limit = told.limit;
    if (told.windowSeconds !== undefined) this.windowMs = told.windowSeconds * 1000;
    this.asOf = Math.max(this.asOf, told.asOf);
  }

  #begin({ remaining, resetsFrom, resetsBy }: LearnedWindow): void {
    this.remaining = remaining;
    this.resetsFrom = resetsFrom;
    this.resetsBy = resetsBy;
    this.isOver = false;
    this.isWaitedFor = false;
    this.#ownSince = 0;
    this.#remainingAtFirst = remaining;
  }

  /** It was refused because of this window: a reset that was told as now is not yet. */
  refused(now: number, resolutionMs: number): void {
    this.remaining = 0;
    this.isOver = false;
    this.#fillWords = 0;
    this.resetsBy = Math.max(this.resetsBy ?? 0, now + resolutionMs);
  }

  /** Something of ours was counted, and the server did not tell. */
  spend(amount: number): void {
    if (this.isOver || this.resetsBy === undefined) this.remaining = undefined;
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

  export(): LearnedWindow {
    const { name, unit, limit, remaining, windowMs, resetsFrom, resetsBy, asOf } = this;
    return {
      name,
      unit,
      ...(limit !== undefined && { limit }),
      ...(remaining !== undefined && { remaining }),
      ...(windowMs !== undefined && { windowSeconds: windowMs / 1000 }),
      ...(resetsFrom !== undefined && { resetsFrom }),
      ...(resetsBy !== undefined && { resetsBy }),
      asOf,
      ...(this.isShownOnly && { isShownOnly: true }),
    };
  }
}
