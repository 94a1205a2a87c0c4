import type { PaceRefusal } from '../../../../src/limits/pacing/paceTicket.ts';

type Headers = Readonly<Record<string, string>>;

export interface Reply {
  readonly headers: Headers;
  /** Undefined: served. */
  readonly refusal?: PaceRefusal;
}

export interface Server {
  /** A request arrives. */
  receive(now: number, tokens: number): Reply;
  /** A served request has ended. */
  done(): void;
}

/** Hugging Face's fixed window, reported in whole seconds on each response. */
export class FixedWindow implements Server {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #origin: number;
  #window = 0;
  #used = 0;

  constructor(limit: number, windowSeconds: number, origin: number) {
    this.#limit = limit;
    this.#windowMs = windowSeconds * 1000;
    this.#origin = origin;
  }

  receive(now: number): Reply {
    const window = Math.floor((now - this.#origin) / this.#windowMs);
    if (window !== this.#window) this.#used = 0;
    this.#window = window;
    const isServed = this.#used < this.#limit;
    if (isServed) this.#used += 1;
    const resetsAt = this.#origin + (window + 1) * this.#windowMs;
    const seconds = Math.ceil((resetsAt - now) / 1000);
    const headers = {
      ratelimit: `"api";r=${this.#limit - this.#used};t=${seconds}`,
      'ratelimit-policy': `"fixed window";"api";q=${this.#limit};w=${this.#windowMs / 1000}`,
    };
    return isServed ? { headers } : { headers, refusal: { cause: 'rate', resetsAt: now + seconds * 1000 } };
  }

  done(): void {}
}

/** Tokens per minute with Cerebras's headers: fixed windows, or a bucket that fills steadily, as Groq's. */
export class TokensPerMinute implements Server {
  readonly #limit: number;
  readonly #fillsSlowly: boolean;
  #left: number;
  #at: number;

  constructor(limit: number, start: number, fillsSlowly: boolean) {
    this.#limit = limit;
    this.#left = limit;
    this.#at = start;
    this.#fillsSlowly = fillsSlowly;
  }

  receive(now: number, tokens: number): Reply {
    this.#pass(now);
    const isServed = tokens <= this.#left;
    if (isServed) this.#left -= tokens;
    const resetsInMs = this.#fillsSlowly
      ? ((this.#limit - this.#left) / this.#limit) * 60_000
      : this.#at + 60_000 - now;
    const headers = {
      'x-ratelimit-limit-tokens-minute': String(this.#limit),
      'x-ratelimit-remaining-tokens-minute': String(Math.floor(this.#left)),
      'x-ratelimit-reset-tokens-minute': (resetsInMs / 1000).toFixed(6),
    };
    if (isServed) return { headers };
    const retryMs = this.#fillsSlowly ? ((tokens - this.#left) / this.#limit) * 60_000 : resetsInMs;
    return { headers, refusal: { cause: 'tokens', resetsAt: now + Math.ceil(retryMs) } };
  }

  #pass(now: number): void {
    if (this.#fillsSlowly) {
      this.#left = Math.min(this.#limit, this.#left + ((now - this.#at) / 60_000) * this.#limit);
      this.#at = now;
    } else if (now >= this.#at + 60_000) {
      this.#at += Math.floor((now - this.#at) / 60_000) * 60_000;
      this.#left = this.#limit;
    }
  }

  done(): void {}
}

/** A limit of concurrency without headers. */
export class SilentConcurrency implements Server {
  readonly #limit: number;
  readonly #cause: PaceRefusal['cause'];
  #running = 0;

  constructor(limit: number, cause: PaceRefusal['cause']) {
    this.#limit = limit;
    this.#cause = cause;
  }

  receive(): Reply {
    if (this.#running >= this.#limit) return { headers: {}, refusal: { cause: this.#cause } };
    this.#running += 1;
    return { headers: {} };
  }

  done(): void {
    this.#running -= 1;
  }
}
