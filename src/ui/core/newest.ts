export type Answer<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'failure'; readonly error: unknown }
  /** What was asked later has answered already, or is still to answer. */
  | { readonly kind: 'overtaken' };

/** A question that may be asked again before it is answered, and may never be: of its answers the newest counts. */
export class Newest<T> {
  readonly #question: () => Promise<T>;
  readonly #timeoutMs: number;
  #asked = 0;
  #answered = 0;

  constructor(question: () => Promise<T>, timeoutMs: number) {
    this.#question = question;
    this.#timeoutMs = timeoutMs;
  }

  async ask(): Promise<Answer<T>> {
    this.#asked += 1;
    const number = this.#asked;
    try {
      const value = await within(this.#timeoutMs, this.#question());
      if (number < this.#answered) return { kind: 'overtaken' };
      this.#answered = number;
      return { kind: 'value', value };
    } catch (error) {
      return number < this.#asked ? { kind: 'overtaken' } : { kind: 'failure', error };
    }
  }
}

/** Rejects when `work` takes longer. */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${timeoutMs / 1000} s.`)), timeoutMs);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
