import { readFileSync } from 'node:fs';

/** Of the gateway itself: the ledger's files, its event loop, resolvers, and connections that wait to be closed. */
const own = 32;
const logEveryMs = 60_000;

/** The most descriptors that this process may have; undefined where the system does not tell. */
export function descriptorLimit(): number | undefined {
  try {
    const limit = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}

/** Knows how many descriptors there are, and says so when they are used up. */
export class Descriptors {
  readonly #limit = descriptorLimit();
  readonly #now: () => number;
  readonly #log: (line: string) => void;
  #loggedAt = Number.NEGATIVE_INFINITY;

  constructor(now: () => number, log: (line: string) => void) {
    this.#now = now;
    this.#log = log;
  }

  /** Most client connections: the rest is for upstream, where a request waits for a free one. */
  get forConnections(): number | undefined {
    return this.#limit === undefined ? undefined : Math.max(8, Math.floor(((this.#limit - own) * 3) / 4));
  }

  /** At most once a minute. */
  log(what: string): void {
    const now = this.#now();
    if (now - this.#loggedAt < logEveryMs) return;
    this.#loggedAt = now;
    const limit = this.#limit === undefined ? '' : ` The limit for open files is ${this.#limit} (ulimit -n).`;
    this.#log(`gateway: ${what}. Requests wait until others end, and idle connections are closed.${limit}`);
  }
}

/** The process or the system has no descriptor left. */
export function isOutOfDescriptors(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE')) return true;
  return (
    (error instanceof AggregateError && error.errors.some(isOutOfDescriptors)) ||
    isOutOfDescriptors(error.cause)
  );
}
