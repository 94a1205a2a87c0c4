/** Memory and patience for the request bodies of one class of callers. */
export class BodyShare {
  readonly mostBytes: number;
  /** In ticks. */
  readonly patience: number;
  /** Held in memory. */
  bytes = 0;
  readonly #received: ((bytes: number, go: () => void) => boolean) | undefined;

  /** @param received counts the bytes; false: nothing more is read until `go` is called */
  constructor(mostBytes: number, patience: number, received?: (bytes: number, go: () => void) => boolean) {
    this.mostBytes = mostBytes;
    this.patience = patience;
    this.#received = received;
  }

  received(bytes: number, go: () => void): boolean {
    return this.#received?.(bytes, go) !== false;
  }
}
