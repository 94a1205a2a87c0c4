import { isDeepStrictEqual } from 'node:util';
import type { Ledger } from '../../ledger/ledger.ts';

/** Gateways write more often than anybody reads, and the sums of a busy month take milliseconds. */
const everyMs = 3_000;

export interface LedgerWatchOptions<Subject, Value> {
  readonly ledger: Pick<Ledger, 'dataVersion'>;
  /** Of whom or of when the value is: another one is read for at the next look, whether or not anybody wrote. */
  readonly subject: () => Subject;
  readonly read: (subject: Subject) => Value;
}

/** What the ledger holds of one thing, read anew some seconds after anybody wrote, and told when it differs. */
export abstract class LedgerWatch<Subject, Value> {
  readonly #options: LedgerWatchOptions<Subject, Value>;
  readonly #listeners = new Set<() => void>();
  readonly #timer: NodeJS.Timeout;
  #version: number;
  /** That which `value` is of. */
  protected subject: Subject;
  protected value: Value;

  constructor(options: LedgerWatchOptions<Subject, Value>) {
    this.#options = options;
    this.subject = options.subject();
    this.#version = options.ledger.dataVersion();
    this.value = options.read(this.subject);
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#listeners.clear();
  }

  #look(): void {
    const subject = this.#options.subject();
    const version = this.#options.ledger.dataVersion();
    if (version === this.#version && subject === this.subject) return;
    this.#version = version;
    this.subject = subject;
    const value = this.#options.read(subject);
    if (isDeepStrictEqual(value, this.value)) return;
    this.value = value;
    for (const listener of this.#listeners) listener();
  }
}
