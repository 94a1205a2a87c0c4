export type LatestResult<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'failure'; readonly error: unknown }
  /** A later run has given its value already, or is still under way. */
  | { readonly kind: 'overtaken' };

/** Runs overlapping calls of `work`, which may hang; only the latest result counts. */
export class LatestOnly<T> {
  readonly #work: () => Promise<T>;
  readonly #timeoutMs: number;
  #started = 0;
  #finished = 0;

  constructor(work: () => Promise<T>, timeoutMs: number) {
    this.#work = work;
    this.#timeoutMs = timeoutMs;
  }

  async run(): Promise<LatestResult<T>> {
    this.#started += 1;
    const number = this.#started;
    try {
      const value = await within(this.#timeoutMs, this.#work());
      if (number < this.#finished) return { kind: 'overtaken' };
      this.#finished = number;
      return { kind: 'value', value };
    } catch (error) {
      return number < this.#started ? { kind: 'overtaken' } : { kind: 'failure', error };
    }
  }
}

/** Rejects when `work` takes longer than `timeoutMs`; `work` itself goes on. */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${timeoutMs / 1000} s.`)), timeoutMs);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
