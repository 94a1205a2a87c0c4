export interface RefreshedOptions<T> {
  /** Must settle by itself. */
  readonly load: () => Promise<T>;
  /** Epoch ms. */
  readonly now: () => number;
  /** How long a value is taken for true. */
  readonly maxAgeMs: (value: T) => number;
}

/** After a failure nobody asks again for so long: callers must not wait for a dead server one by one. */
const retryAfterMs = 15_000;

/** A value that is asked for when it is needed: at most once at a time, and the old one stands while asking fails. */
export class Refreshed<T> {
  readonly #options: RefreshedOptions<T>;
  #kept: { readonly value: T; readonly at: number } | undefined;
  #failed: { readonly error: unknown; readonly at: number } | undefined;
  #loading: Promise<T> | undefined;

  constructor(options: RefreshedOptions<T>) {
    this.#options = options;
  }

  /** What was loaded last, of whatever age. */
  get last(): T | undefined {
    return this.#kept?.value;
  }

  /** Rejects when nothing was ever loaded and it can't be now, or as `signal` was aborted. */
  async get(signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const kept = this.#kept;
    const failed = this.#failed;
    const now = this.#options.now();
    if (kept && now - kept.at < this.#options.maxAgeMs(kept.value)) return kept.value;
    if (failed && now - failed.at < retryAfterMs) {
      if (kept) return kept.value;
      throw failed.error;
    }
    this.#loading ??= this.#load();
    return await untilAborted(this.#loading, signal);
  }

  async #load(): Promise<T> {
    try {
      const value = await this.#options.load();
      this.#kept = { value, at: this.#options.now() };
      this.#failed = undefined;
      return value;
    } catch (error) {
      this.#failed = { error, at: this.#options.now() };
      if (this.#kept) return this.#kept.value;
      throw error;
    } finally {
      this.#loading = undefined;
    }
  }
}

/** One caller's going away ends its own waiting, not what others wait for, too. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
