import type { HeldRequests } from '../../gateway/options.ts';
import type { Held } from '../../view/account/heldRequests.ts';

/**
 * Held requests of this window's gateway, as last reported. Apart from the core's changes: reports come several times
 * a second, and only views of held requests should redraw for them.
 */
export class HeldWatch {
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  /** The limit with the longest wait first. */
  current: readonly Held[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  report(held: readonly HeldRequests[]): void {
    if (held.length === 0 && this.current.length === 0) return;
    const before = new Map(this.current.map(({ limit, since }) => [limit, since]));
    const now = this.#now();
    this.current = held
      .filter(({ waiting }) => waiting > 0)
      .map(each => ({ ...each, since: Math.min(before.get(each.limit) ?? now, now) }))
      .sort((one, other) => one.since - other.since || (one.limit < other.limit ? -1 : 1));
    for (const listener of this.#listeners) listener();
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
