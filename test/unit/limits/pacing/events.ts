/** A virtual clock: runs events in their order, without real time between. */
export class Events {
  now: number;
  readonly #queue: { readonly at: number; readonly order: number; readonly run: () => void }[] = [];
  #order = 0;

  constructor(start: number) {
    this.now = start;
  }

  at(time: number, run: () => void): void {
    const event = { at: Math.max(this.now, time), order: this.#order++, run };
    let low = 0;
    let high = this.#queue.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#queue[middle]!;
      if (other.at < event.at || (other.at === event.at && other.order < event.order)) high = middle;
      else low = middle + 1;
    }
    this.#queue.splice(low, 0, event);
  }

  after(delayMs: number, run: () => void): void {
    this.at(this.now + delayMs, run);
  }

  /** @param most events, so that an endless loop fails */
  run(most = 2_000_000): void {
    for (let count = 0; ; count += 1) {
      const event = this.#queue.pop();
      if (event === undefined) return;
      if (count > most) throw new Error('The simulation does not end');
      this.now = event.at;
      event.run();
    }
  }
}

/** Numbers in [0, 1), the same in each run (mulberry32). */
export function luck(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
