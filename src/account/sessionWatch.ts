import type { Sessions } from './sessions.ts';

/** A keyring is another process: what it holds is looked at this rarely when nothing tells of a change. */
const lookMs = 60_000;
/** Whether a file changed costs microseconds, and `hf auth login` is to be noticed within seconds. */
const stampMs = 2_000;

/** Says when the session is worth another look. Times are epoch ms. */
export class SessionWatch {
  readonly #sessions: Pick<Sessions, 'stamp'>;
  #stamp = '';
  #lookedAt = Number.NEGATIVE_INFINITY;
  #stampedAt = Number.NEGATIVE_INFINITY;

  constructor(sessions: Pick<Sessions, 'stamp'>) {
    this.#sessions = sessions;
  }

  /** To be called before the look: what changes during it is then seen by the next one. */
  noteLook(now: number): void {
    this.#lookedAt = now;
    this.#stampedAt = now;
    this.#stamp = this.#sessions.stamp();
  }

  isDue(now: number): boolean {
    // the clock may have been set back
    if (Math.abs(now - this.#lookedAt) >= lookMs) return true;
    if (Math.abs(now - this.#stampedAt) < stampMs) return false;
    this.#stampedAt = now;
    return this.#sessions.stamp() !== this.#stamp;
  }
}
