import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/account/clock.ts';
import type { Http } from '../../src/hub/http.ts';

interface Timer {
  /** Ticks. */
  readonly at: number;
  readonly callback: () => void;
}

/**
 * A clock that only a test advances. Real I/O takes no virtual time: after each timer, the clock stands still until
 * every call of a tracked `Http` has ended.
 */
export class VirtualClock implements Clock {
  /** Monotonic ms, for timers: sleep and date changes do not move it. */
  #ticks = 0;
  /** Epoch ms at tick 0. */
  #epoch: number;
  /** In the order in which they were set. */
  readonly #timers = new Set<Timer>();
  readonly #inFlight = new Set<Promise<unknown>>();

  constructor(now: number) {
    this.#epoch = now;
  }

  /** An arrow function: it is passed on unbound, like `Date.now`. */
  readonly now = (): number => this.#epoch + this.#ticks;

  /** Number of pending timers. */
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

  /** Advances by `ms` and runs the due timers in order, each at its own time. */
  async advance(ms: number): Promise<void> {
    const until = this.#ticks + ms;
    await this.settle();
    while (await this.#runNext(until));
    this.#ticks = Math.max(this.#ticks, until);
  }

  /** Advances until the promise has settled, by at most an hour. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const end = () => {
      settled = true;
    };
    promise.then(end, end);
    const until = this.#ticks + 3_600_000;
    await this.settle();
    while (!settled) {
      if (!(await this.#runNext(until))) throw new Error('No timer within an hour settles the promise');
    }
    return await promise;
  }

  /** The machine sleeps or its date is set; timers are not affected. */
  jump(ms: number): void {
    this.#epoch += ms;
  }

  /** Resolves when no tracked call is in flight and the follow-up work of ended calls is done. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      if (this.#inFlight.size > 0) quiet = 0;
      await Promise.allSettled(this.#inFlight);
      await turn();
    }
  }

  /** Wraps an Http; the clock waits for its calls and streams. */
  track(http: Http): Http {
    return {
      ...http,
      getJson: (url, request) => this.#watch(http.getJson(url, request)),
      postJson: (url, request) => this.#watch(http.postJson(url, request)),
      openStream: async (url, request) => {
        let ended = () => {};
        void this.#watch(new Promise<void>(resolve => (ended = resolve)));
        try {
          const { head, body } = await http.openStream(url, request);
          return { head, body: withEnd(body, ended) };
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

async function* withEnd(body: AsyncIterable<Uint8Array>, ended: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } finally {
    ended();
  }
}
