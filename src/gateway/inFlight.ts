/** Knows its place in the one list that it is in. */
export interface Placed {
  place: number;
}

/**
 * What is under way. Not a `Set`: one that is added to and taken from all the time is copied again and again, and the
 * dead copies, once they are old, keep all that was ever in them from the collections of what is young.
 */
export class InFlight<T extends Placed> {
  readonly #items: T[] = [];

  add(item: T): void {
    item.place = this.#items.length;
    this.#items.push(item);
  }

  /** Does nothing for what is not in it any more. */
  delete(item: T): void {
    if (this.#items[item.place] !== item) return;
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#items[item.place] = last;
    last.place = item.place;
  }

  /** A copy, that what is done with them may take them away. */
  [Symbol.iterator](): Iterator<T> {
    return [...this.#items].values();
  }
}
