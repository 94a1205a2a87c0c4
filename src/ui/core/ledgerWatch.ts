import { isDeepStrictEqual } from 'node:util';
import type { Ledger } from '../../ledger/ledger.ts';

/** Gateways write many times a second, and the sums of a busy month take milliseconds to read. */
const seldomMs = 3_000;

export interface LedgerWatchOptions<Subject, Value> {
  readonly ledger: Pick<Ledger, 'dataVersion'>;
  /** The month or token whose value is read. Another one is read at the next check, also without a write. */
  readonly subject: () => Subject;
  readonly read: (subject: Subject) => Value;
  /** Interval between checks for a write of another process. Default 3 s. */
  readonly checkEveryMs?: number;
}

/** A value read from the ledger, again soon after any process's write. */
export class LedgerWatch<Subject, Value> {
  readonly #options: LedgerWatchOptions<Subject, Value>;
  readonly #listeners = new Set<() => void>();
  readonly #timer: NodeJS.Timeout;
  #version: number;
  #subject: Subject;
  #value: Value;

  constructor(options: LedgerWatchOptions<Subject, Value>) {
    this.#options = options;
    this.#subject = options.subject();
    this.#version = options.ledger.dataVersion();
    this.#value = options.read(this.#subject);
    this.#timer = setInterval(() => this.#check(), options.checkEveryMs ?? seldomMs);
  }

  get value(): Value {
    return this.#value;
  }

  /** False when the subject has changed since `value` was read. */
  get isCurrent(): boolean {
    return this.#options.subject() === this.#subject;
  }

  /** Fires when `value` differs. */
  onDidChange(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Reads at once, for callers that know of a change: `dataVersion` stays for writes of this process. */
  look(): void {
    this.#subject = this.#options.subject();
    const value = this.#options.read(this.#subject);
    if (isDeepStrictEqual(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#listeners.clear();
  }

  #check(): void {
    const version = this.#options.ledger.dataVersion();
    if (version === this.#version && this.isCurrent) return;
    this.#version = version;
    this.look();
  }
}
