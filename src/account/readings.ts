import type { StoredPart } from '../ledger/accountTable.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Log } from './log.ts';
import type { Part } from './snapshot.ts';
import { parseProblem, parseReading } from './storedReading.ts';

/** A prefix of the rows' names. Rows of another format are not read. */
const format = 'v1';

/**
 * The last readings of one account, as rows of the ledger: `whoami`, one for each task, and the windows of
 * headers. An unchanged row keeps its parsed value, so that unchanged parts stay identical objects.
 */
export class Readings {
  /** The account's fingerprint. */
  readonly account: string;
  readonly #ledger: Ledger;
  readonly #log: Log;
  #rows = new Map<string, { stored: StoredPart; part: Part<unknown> }>();

  constructor(ledger: Ledger, account: string, log: Log) {
    this.#ledger = ledger;
    this.account = account;
    this.#log = log;
    this.reload();
  }

  /** Reads the rows again, for writes of other windows. True when any differs. */
  reload(): boolean {
    const rows = new Map<string, { stored: StoredPart; part: Part<unknown> }>();
    let changed = false;
    for (const [key, stored] of this.#ledger.readParts(this.account)) {
      if (!key.startsWith(`${format}/`)) continue;
      const name = key.slice(format.length + 1);
      const known = this.#rows.get(name);
      const isSame = known !== undefined && sameRow(known.stored, stored);
      rows.set(name, isSame ? known : { stored, part: this.#parse(name, stored) });
      changed ||= !isSame;
    }
    changed ||= rows.size !== this.#rows.size;
    this.#rows = rows;
    return changed;
  }

  get<T>(name: string): Part<T> {
    return (this.#rows.get(name)?.part ?? {}) as Part<T>;
  }

  has(name: string): boolean {
    return this.#rows.has(name);
  }

  put(name: string, part: Part<unknown>): void {
    const stored: StoredPart = {
      value: part.value === undefined ? undefined : JSON.stringify(part.value),
      asOf: part.asOf,
      problem: part.problem === undefined ? undefined : JSON.stringify(part.problem),
    };
    this.#rows.set(name, { stored, part });
    this.#ledger.writePart(this.account, `${format}/${name}`, stored);
  }

  #parse(name: string, { value, asOf, problem }: StoredPart): Part<unknown> {
    try {
      return {
        value: value === undefined ? undefined : parseReading(name, value),
        asOf,
        problem: problem === undefined ? undefined : parseProblem(problem),
      };
    } catch (error) {
      this.#log.warn(`The stored reading ${name} can't be read; it is fetched again: ${String(error)}`);
      return {};
    }
  }
}

function sameRow(a: StoredPart, b: StoredPart): boolean {
  return a.value === b.value && a.asOf === b.asOf && a.problem === b.problem;
}
