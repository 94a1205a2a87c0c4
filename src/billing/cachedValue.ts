export interface Loaded<T> {
  readonly value: T;
  /** How long the value is used without another load. */
  readonly maxAgeMs: number;
}

/** After a failure there is no load for this long: callers must not wait for a dead server one by one. */
const retryAfterMs = 15_000;

/** A value that is loaded on demand, once for all who wait. While loads fail, the old value stays. */
export class CachedValue<T> {
  readonly #load: () => Promise<Loaded<T>>;
  readonly #now: () => number;
  #loaded: (Loaded<T> & { readonly at: number }) | undefined;
  #failed: { readonly error: unknown; readonly at: number } | undefined;
  #loading: Promise<T> | undefined;

  /**
   * @param load has to settle by itself
   * @param now epoch ms
   */
  constructor(load: () => Promise<Loaded<T>>, now: () => number) {
    this.#load = load;
    this.#now = now;
  }

  /** Of whatever age; undefined before the first load. */
  get last(): T | undefined {
    return this.#loaded?.value;
  }

  /** Rejects when the first load fails, or as `signal` was aborted: then the load goes on for other callers. */
  async get(signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const loaded = this.#loaded;
    const failed = this.#failed;
    const now = this.#now();
    if (loaded && now - loaded.at < loaded.maxAgeMs) return loaded.value;
    if (failed && now - failed.at < retryAfterMs) {
      if (loaded) return loaded.value;
      throw failed.error;
    }
    this.#loading ??= this.#reload();
    return await untilAborted(this.#loading, signal);
  }

  async #reload(): Promise<T> {
    try {
      this.#loaded = { ...(await this.#load()), at: this.#now() };
      this.#failed = undefined;
      return this.#loaded.value;
    } catch (error) {
      this.#failed = { error, at: this.#now() };
      if (this.#loaded) return this.#loaded.value;
      throw error;
    } finally {
      this.#loading = undefined;
    }
  }
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort));
}
