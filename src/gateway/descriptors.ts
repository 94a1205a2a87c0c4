import { descriptorLimit } from '../hub/descriptorLimit.ts';

const logEveryMs = 60_000;

/** Says when the descriptors of this process are used up. */
export class Descriptors {
  readonly #now: () => number;
  readonly #log: (line: string) => void;
  #loggedAt = Number.NEGATIVE_INFINITY;

  constructor(now: () => number, log: (line: string) => void) {
    this.#now = now;
    this.#log = log;
  }

  /** At most once a minute. */
  log(what: string): void {
    const now = this.#now();
    if (now - this.#loggedAt < logEveryMs) return;
    this.#loggedAt = now;
    const limit =
      descriptorLimit === undefined ? '' : ` The limit for open files is ${descriptorLimit} (ulimit -n).`;
    this.#log(`gateway: ${what}. Idle connections are closed.${limit}`);
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
