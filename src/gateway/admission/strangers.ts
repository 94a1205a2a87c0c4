import { upstreamShare } from '../../hub/descriptorLimit.ts';
import {
  mostStrangersUpstream,
  mostWaitingStrangers,
  strangerBytesPerRequest,
  strangersAtOnce,
  strangersPerSecond,
} from '../../limits/bounds.ts';
import type { GatewayTimers } from '../options.ts';

/** Fewer where the process may open few files: half of the connections upstream is for callers with the key. */
const mostInside = Math.min(
  mostStrangersUpstream,
  Math.ceil((upstreamShare ?? Number.POSITIVE_INFINITY) / 2),
);
const sliceMs = 10;
const perSlice = (strangersPerSecond * sliceMs) / 1_000;
/** An answer of the gateway's own takes a quarter of the time of a request that is forwarded. */
const answerCost = 0.25;
/** Callers with the key are there for so long after their last request. */
const keyedMs = 1_000;
/** The longest time that paid for bodies: 5 s. */
const mostDebt = 5 * strangersPerSecond;

/** One request without the key. */
export interface Visit {
  /** False: the gateway answers it. */
  readonly isForwarded: boolean;
  /** Its turn has come. Must not throw. */
  enter(): void;
}

/**
 * Turns of requests without the key: few are upstream at once, and while callers with the key are there, few begin, so
 * that those don't wait for the event loop.
 */
export class Strangers {
  readonly #timers: GatewayTimers;
  /** In front of the pace. */
  readonly #paced: Visit[] = [];
  /** In front of a place upstream. */
  readonly #placed: Visit[] = [];
  readonly #inside = new Set<Visit>();
  readonly #unpaid = new Set<() => void>();
  /** Requests that may begin. Negative: a debt. */
  #credit = strangersAtOnce;
  #timer: object | number | undefined;
  #keyed = 0;
  /** Epoch ms. */
  #keyedAt = Number.NEGATIVE_INFINITY;
  readonly #now: () => number;

  constructor(timers: GatewayTimers, now: () => number) {
    this.#timers = timers;
    this.#now = now;
  }

  /** @param at epoch ms at which a request with the key arrived */
  keyedBegan(at: number): void {
    this.#keyed += 1;
    this.#keyedAt = at;
  }

  keyedEnded(): void {
    this.#keyed -= 1;
  }

  /** Calls `visit.enter`, now or later. False: too many wait. */
  arrive(visit: Visit): boolean {
    if (this.#paced.length + this.#placed.length >= mostWaitingStrangers) return false;
    if (this.#isBusy) this.#refill();
    else this.#credit = strangersAtOnce;
    if (this.#paced.length > 0 || this.#credit <= 0) this.#paced.push(visit);
    else this.#begin(visit);
    return true;
  }

  leave(visit: Visit): void {
    if (remove(this.#paced, visit) || remove(this.#placed, visit) || !this.#inside.delete(visit)) return;
    const next = this.#placed.shift();
    if (next) this.#enter(next);
  }

  /** @param bytes of a body that were received. False: nothing more until `go` is called */
  received(bytes: number, go: () => void): boolean {
    if (!this.#isBusy) return true;
    this.#credit = Math.max(-mostDebt, this.#credit - bytes / strangerBytesPerRequest);
    this.#refill();
    if (this.#credit > 0) return true;
    this.#unpaid.add(go);
    return false;
  }

  close(): void {
    if (this.#timer !== undefined) this.#timers.clearTimeout(this.#timer);
  }

  /** Callers with the key are there. */
  get #isBusy(): boolean {
    return this.#keyed > 0 || this.#now() - this.#keyedAt < keyedMs;
  }

  #begin(visit: Visit): void {
    this.#credit -= visit.isForwarded ? 1 : answerCost;
    if (visit.isForwarded && this.#inside.size >= mostInside) this.#placed.push(visit);
    else this.#enter(visit);
  }

  #enter(visit: Visit): void {
    if (visit.isForwarded) this.#inside.add(visit);
    visit.enter();
  }

  /** Slice after slice, until the credit is full. */
  #refill(): void {
    this.#timer ??= this.#timers.setTimeout(() => {
      this.#timer = undefined;
      this.#credit = this.#isBusy ? Math.min(strangersAtOnce, this.#credit + perSlice) : strangersAtOnce;
      while (this.#credit > 0) {
        const visit = this.#paced.shift();
        if (!visit) break;
        this.#begin(visit);
      }
      if (this.#credit > 0) this.#goOn();
      if (this.#credit < strangersAtOnce || this.#paced.length > 0) this.#refill();
    }, sliceMs);
  }

  #goOn(): void {
    const unpaid = [...this.#unpaid];
    this.#unpaid.clear();
    for (const go of unpaid) go();
  }
}

function remove(visits: Visit[], visit: Visit): boolean {
  const index = visits.indexOf(visit);
  if (index >= 0) visits.splice(index, 1);
  return index >= 0;
}
