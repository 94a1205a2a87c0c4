import { setTimeout as pause } from 'node:timers/promises';
import type { GatewayTimers } from '../../src/gateway/options.ts';

/** Real milliseconds without work for the event loop, after which sockets count as settled. */
const idleMs = 1;
const hourMs = 3_600_000;

interface Timer {
  at: number;
  readonly callback: () => void;
}

/** Time that passes only when a test says so. */
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

  /** Sleep, or a new date: the clock changes, and the timers do not. */
  jump(ms: number): void {
    this.#now += ms;
    for (const timer of this.#timers) timer.at += ms;
  }

  /** Runs the timers of the next `ms`, without waiting for the I/O between them. */
  advance(ms: number): void {
    const until = this.#now + ms;
    while (this.#runNext(until)) {
      // one after the other
    }
    this.#now = until;
  }

  /** Real I/O takes no virtual time: waits until the event loop was idle for a moment. */
  async settled(): Promise<void> {
    for (;;) {
      const idleBefore = performance.nodeTiming.idleTime;
      await pause(idleMs);
      if (performance.nodeTiming.idleTime - idleBefore > idleMs / 2) return;
    }
  }

  /** Runs timer after timer, each once I/O has settled, until the condition holds: at most an hour. */
  async until(condition: () => boolean): Promise<void> {
    const end = this.#now + hourMs;
    for (;;) {
      await this.settled();
      if (condition()) return;
      if (!this.#runNext(end)) throw new Error('No timer of the next hour brings it about');
    }
  }

  /** The result of a promise that settles when time passes. */
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
