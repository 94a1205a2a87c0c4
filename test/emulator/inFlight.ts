/** How many requests are on their way, by whose they are. */
export class InFlight {
  readonly #counts = new Map<string, number>();

  /** Counts one more, unless there are as many as there may be. */
  enter(key: string, most: number): boolean {
    const count = this.#counts.get(key) ?? 0;
    if (count >= most) return false;
    this.#counts.set(key, count + 1);
    return true;
  }

  leave(key: string): void {
    const count = (this.#counts.get(key) ?? 0) - 1;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }
}
