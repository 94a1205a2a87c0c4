import { setTimeout as pause } from 'node:timers/promises';
import type { GatewayTimers } from '../../src/gateway/options.ts';

/** Real time; sockets count as settled after an idle event loop of this length. */
const idleMs = 1;
const hourMs = 3_600_000;

interface Timer {
  at: number;
  readonly callback: () => void;
}

/** A clock that only a test advances. Unlike `VirtualClock`, it waits for no calls between two timers. */
export class ManualClock implements GatewayTimers {
  static readonly start = Date.UTC(2026, 10, 10, 12);
  #now = ManualClock.start;
  readonly #timers = new Set<Timer>();

  readonly now = (): number => this.#now;

  setTimeout(callback: () => void, delayMs: number): object {
    const timer = { at: this.#now + delayMs, callback };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer: object | number): void {
    this.#timers.delete(timer as Timer);
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Sleep or a date change: moves the clock, not the timers. */
  jump(ms: number): void {
    this.#now += ms;
    for (const timer of this.#timers) timer.at += ms;
  }

  /** Runs the timers of the next `ms`, without waiting for the I/O between them. */
  advance(ms: number): void {
    const until = this.#now + ms;
    while (this.#runNext(until));
    this.#now = until;
  }

  /** Waits until the event loop is idle: real I/O takes no virtual time. */
  async settled(): Promise<void> {
    for (;;) {
      const idleBefore = performance.nodeTiming.idleTime;
      await pause(idleMs);
      if (performance.nodeTiming.idleTime - idleBefore > idleMs / 2) return;
    }
  }

  /** Runs due timers, each after settled I/O, until the condition holds: at most an hour. */
  async until(condition: () => boolean): Promise<void> {
    const end = this.#now + hourMs;
    for (;;) {
      await this.settled();
      if (condition()) return;
      if (!this.#runNext(end))
        throw new Error('The condition does not hold after the timers of the next hour');
    }
  }

  /** Advances until the promise has settled; its result. */
  async result<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    promise.then(settle, settle);
    await this.until(() => isSettled);
    return await promise;
  }

  #runNext(until: number): boolean {
    const [next] = [...this.#timers].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at);
    if (!next) return false;
    this.#timers.delete(next);
    this.#now = Math.max(this.#now, next.at);
    next.callback();
    return true;
  }
}
