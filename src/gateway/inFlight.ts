import type { GatewayError } from './errors.ts';

/** An exchange as the gateway sees it from outside. */
export interface ActiveExchange {
  /** Index in the one list that holds it. */
  place: number;
  /** The gateway closes: a held request is answered. */
  hurry(): void;
  /** Pacing failed: a held request goes on. */
  unhold(): void;
  checkProgress(tick: number): void;
  /** No response can be sent any more. */
  connectionClosed(): void;
  /** The rest of the request can't be read. */
  clientFailed(error: GatewayError): void;
}

/** Array with swap-remove: a Set's old hash tables keep dead requests alive in old space. */
export class InFlight {
  readonly #items: ActiveExchange[] = [];

  get size(): number {
    return this.#items.length;
  }

  add(item: ActiveExchange): void {
    item.place = this.#items.length;
    this.#items.push(item);
  }

  delete(item: ActiveExchange): void {
    if (this.#items[item.place] !== item) return;
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#items[item.place] = last;
    last.place = item.place;
  }

  /** A copy: a step may remove the exchange. */
  all(): readonly ActiveExchange[] {
    return [...this.#items];
  }
}
