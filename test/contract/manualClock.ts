import type { GatewayTimers } from '../../src/gateway/options.ts';

/** For what else the gateway sets timers: batches of records, the body of a refusal, slow clients, the rest of an upload. */
const otherDelays: readonly number[] = [100, 150, 900, 3_000, 10_000, 30_000];

/** Time that passes only when a test says so. */
export class ManualClock implements GatewayTimers {
  static readonly start = Date.UTC(2026, 10, 10, 12);
  #now = ManualClock.start;
  readonly #timers = new Set<{
    at: number;
    readonly delayMs: number;
    readonly callback: () => void;
  }>();
  readonly #watchers = new Set<() => void>();

  readonly now = (): number => this.#now;

  setTimeout(callback: () => void, delayMs: number): object {
    const timer = { at: this.#now + delayMs, delayMs, callback };
    this.#timers.add(timer);
    for (const watcher of this.#watchers) watcher();
    return timer;
  }

  clearTimeout(timer: object | number): void {
    this.#timers.delete(timer as never);
    for (const watcher of this.#watchers) watcher();
  }

  /** When nothing waits between two tries any more. */
  cleared(): Promise<void> {
    return new Promise(resolve => {
      const look = () => {
        if ([...this.#timers].some(({ delayMs }) => !otherDelays.includes(delayMs))) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** The delay of a wait between two tries, once there is one. */
  wait(): Promise<number> {
    return new Promise(resolve => {
      const look = () => {
        for (const { delayMs } of this.#timers) {
          if (otherDelays.includes(delayMs)) continue;
          this.#watchers.delete(look);
          resolve(delayMs);
          return;
        }
      };
      this.#watchers.add(look);
      look();
    });
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Fires those that were set for so long, without time passing. */
  fire(delayMs: number): void {
    for (const timer of [...this.#timers]) {
      if (timer.delayMs === delayMs && this.#timers.delete(timer)) timer.callback();
    }
  }

  /** The machine sleeps, or its date is set: timers know nothing of it. */
  jump(ms: number): void {
    this.#now += ms;
    for (const timer of this.#timers) timer.at += ms;
  }

  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers]
        .filter(({ at }) => at <= until)
        .sort((one, other) => one.at - other.at);
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = until;
  }
}
