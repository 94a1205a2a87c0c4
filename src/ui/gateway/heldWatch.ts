import type { HeldRequests } from '../../gateway/options.ts';
import type { Held } from '../../view/account/heldRequests.ts';

/**
 * Who waits in the gateway of this window, as it told last. Only what shows or ends the waiting listens: the gateway
 * tells some times a second, which must not set all of the editor going.
 */
export class HeldWatch {
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  /** Who has waited longest comes first. */
  current: readonly Held[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  tell(held: readonly HeldRequests[]): void {
    if (held.length === 0 && this.current.length === 0) return;
    const before = new Map(this.current.map(({ limit, since }) => [limit, since]));
    const now = this.#now();
    this.current = held
      .filter(({ waiting }) => waiting > 0)
      .map(each => ({ ...each, since: Math.min(before.get(each.limit) ?? now, now) }))
      .sort((one, other) => one.since - other.since || (one.limit < other.limit ? -1 : 1));
    for (const listener of this.#listeners) listener();
  }

  /** The gateway is gone, and whoever waited there with it. */
  clear(): void {
    this.tell([]);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
