import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/account/clock.ts';
import type { Http } from '../../src/hub/http.ts';

interface Timer {
  /** Ticks. */
  readonly at: number;
  readonly callback: () => void;
}

/**
 * Time that passes only when a test says so. Real I/O takes no virtual time: whenever a timer has run, the clock
 * stands still until every call of a tracked `Http` has ended.
 */
export class VirtualClock implements Clock {
  /** What timers go by, in ms: neither sleep nor a change of the date moves it. */
  #ticks = 0;
  /** Epoch ms at tick 0. */
  #epoch: number;
  /** In the order in which they were set. */
  readonly #timers = new Set<Timer>();
  readonly #inFlight = new Set<Promise<unknown>>();

  constructor(now: number) {
    this.#epoch = now;
  }

  /** An arrow, so that it can be handed on as `Date.now` is. */
  readonly now = (): number => this.#epoch + this.#ticks;

  /** How many timers wait. */
  get timers(): number {
    return this.#timers.size;
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    const timer = { at: this.#ticks + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer: object | number): void {
    this.#timers.delete(timer as Timer);
  }

  /** Lets `ms` pass, and runs what is due on the way, in order, each at its own time. */
  async advance(ms: number): Promise<void> {
    const until = this.#ticks + ms;
    await this.settle();
    while (await this.#runNext(until)) {
      // one after the other
    }
    this.#ticks = Math.max(this.#ticks, until);
  }

  /** Lets time pass until the promise has settled, at most an hour. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const end = () => {
      settled = true;
    };
    promise.then(end, end);
    const until = this.#ticks + 3_600_000;
    await this.settle();
    while (!settled) {
      if (!(await this.#runNext(until)))
        throw new Error('Nothing is left that could settle it within an hour');
    }
    return await promise;
  }

  /** The machine sleeps, or its date is set: timers know nothing of it. */
  jump(ms: number): void {
    this.#epoch += ms;
  }

  /** Returns when no tracked call is in flight and nothing goes on because of one that has ended. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      if (this.#inFlight.size > 0) quiet = 0;
      await Promise.allSettled(this.#inFlight);
      await turn();
    }
  }

  /** The same HTTP, whose calls and streams this clock waits for. */
  track(http: Http): Http {
    return {
      ...http,
      getJson: (url, request) => this.#watch(http.getJson(url, request)),
      openStream: async (url, request) => {
        let ended = () => {};
        void this.#watch(new Promise<void>(resolve => (ended = resolve)));
        try {
          const { head, body } = await http.openStream(url, request);
          return { head, body: endingWith(body, ended) };
        } catch (error) {
          ended();
          throw error;
        }
      },
    };
  }

  async #runNext(until: number): Promise<boolean> {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (!next || timer.at < next.at) next = timer;
    if (!next || next.at > until) return false;
    this.#timers.delete(next);
    this.#ticks = Math.max(this.#ticks, next.at);
    next.callback();
    await this.settle();
    return true;
  }

  #watch<T>(call: Promise<T>): Promise<T> {
    this.#inFlight.add(call);
    const end = () => this.#inFlight.delete(call);
    call.then(end, end);
    return call;
  }
}

async function* endingWith(body: AsyncIterable<Uint8Array>, ended: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } finally {
    ended();
  }
}
