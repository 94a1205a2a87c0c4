/** Due time of a task that repeats. Epoch ms. A clock that was set back makes it due. */
export class Cadence {
  #setAt = Number.NEGATIVE_INFINITY;
  #dueAt = Number.NEGATIVE_INFINITY;

  due(now: number): boolean {
    return now >= this.#dueAt || now < this.#setAt;
  }

  next(now: number, afterMs: number): void {
    this.#setAt = now;
    this.#dueAt = now + afterMs;
  }
}
