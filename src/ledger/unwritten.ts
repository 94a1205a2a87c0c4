import type { Refusal } from '../limits/refusal.ts';
import type { StoredPart } from './ledger.ts';
import type { Remembered, Store } from './store.ts';

/** What was recorded while there was no disk, kept until it is there. Leases are left out: they are momentary. */
export class Unwritten {
  readonly #refusals: Refusal[] = [];
  readonly #forgotten = new Set<string>();
  readonly #parts = new Map<string, Map<string, StoredPart>>();
  #balances: { account: string; at: number; usedNanoUsd: number }[] = [];
  readonly #preferences = new Map<string, string | undefined>();

  get isEmpty(): boolean {
    return (
      this.#refusals.length + this.#forgotten.size + this.#parts.size + this.#preferences.size === 0 &&
      this.#balances.length === 0
    );
  }

  noteRefusals(refusals: readonly Refusal[]): void {
    for (const refusal of refusals) this.#refusals.push(refusal);
  }

  notePart(account: string, part: string, stored: StoredPart): void {
    const parts = this.#parts.get(account) ?? new Map<string, StoredPart>();
    this.#parts.set(account, parts.set(part, stored));
  }

  noteForgotten(account: string): void {
    this.#parts.delete(account);
    this.#balances = this.#balances.filter(balance => balance.account !== account);
    this.#forgotten.add(account);
  }

  noteBalance(account: string, at: number, usedNanoUsd: number): void {
    this.#balances.push({ account, at, usedNanoUsd });
  }

  notePreference(key: string, value: string | undefined): void {
    this.#preferences.set(key, value);
  }

  /** What was read from a damaged file. Its counts are left behind: they follow from the refusals. */
  noteRemembered({ refusals, parts, balances, preferences }: Remembered): void {
    this.#refusals.unshift(...refusals);
    for (const { account, part, stored } of parts) {
      const gone = this.#forgotten.has(account) || this.#parts.get(account)?.has(part);
      if (!gone) this.notePart(account, part, stored);
    }
    this.#balances.unshift(...balances.filter(({ account }) => !this.#forgotten.has(account)));
    for (const { key, value } of preferences) {
      if (!this.#preferences.has(key)) this.#preferences.set(key, value);
    }
  }

  /** Throws when the disk still fails; may then be called again. */
  writeInto(store: Store): void {
    for (const account of this.#forgotten) store.forgetAccount(account);
    for (const [account, parts] of this.#parts) {
      for (const [part, stored] of parts) {
        const other = store.readPart(account, part);
        if ((other?.asOf ?? 0) <= (stored.asOf ?? 0)) store.writePart(account, part, stored);
      }
    }
    for (const { account, at, usedNanoUsd } of this.#balances) store.recordBalance(account, at, usedNanoUsd);
    for (const [key, value] of this.#preferences) store.setPreference(key, value);
    // Last, in one transaction: the only write here that would count twice if it were repeated.
    if (this.#refusals.length > 0) store.recordRefusals(this.#refusals);
  }
}
