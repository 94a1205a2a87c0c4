import { messageOf } from '../limits/messageOf.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { SessionLook, Sessions } from './sessions.ts';

/** A keyring is another process: it is read this rarely while nothing indicates a change. */
const lookMs = 60_000;
/** A look at the token file costs microseconds, and `hf auth login` should be noticed within seconds. */
const stampMs = 2_000;

export interface SessionFollowerOptions {
  readonly sessions: Pick<Sessions, 'look' | 'stamp'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Looks at the active session when a change is likely. Times are epoch ms. */
export class SessionFollower {
  readonly #options: SessionFollowerOptions;
  #stamp = '';
  #lookedAt = Number.NEGATIVE_INFINITY;
  #stampedAt = Number.NEGATIVE_INFINITY;
  #looks = 0;
  #lastResult = 0;
  #failure: string | undefined;

  constructor(options: SessionFollowerOptions) {
    this.#options = options;
  }

  isDue(): boolean {
    const now = this.#options.clock.now();
    // The clock may have been set back.
    if (Math.abs(now - this.#lookedAt) >= lookMs) return true;
    if (Math.abs(now - this.#stampedAt) < stampMs) return false;
    this.#stampedAt = now;
    return this.#options.sessions.stamp() !== this.#stamp;
  }

  /** Undefined when a later look has already ended, which knows better. Never rejects. */
  async look(): Promise<SessionLook | undefined> {
    const { sessions, clock } = this.#options;
    this.#looks += 1;
    const look = this.#looks;
    // Before the look: the next one sees what changes during this one.
    this.#lookedAt = clock.now();
    this.#stampedAt = this.#lookedAt;
    try {
      this.#stamp = sessions.stamp();
      const seen = await sessions.look();
      if (look < this.#lastResult) return undefined;
      this.#lastResult = look;
      this.#failure = undefined;
      return seen;
    } catch (error) {
      return look < this.#lastResult ? undefined : this.#failed(error);
    }
  }

  /** Logs once in a series of failures. */
  #failed(error: unknown): SessionLook {
    const message = messageOf(error);
    if (message !== this.#failure) {
      this.#options.log.warn(`The editor's secret storage can't be read: ${message}`);
    }
    this.#failure = message;
    return { problem: { kind: 'keyring', message } };
  }
}
