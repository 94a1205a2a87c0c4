import type { BillingSwitch } from '../limits/account/billingSwitch.ts';
import type { Refusal } from '../limits/refusals/refusal.ts';
import type { RequestTally } from '../limits/requests/requestTally.ts';
import type { StoredPart } from './ledger.ts';
import { talliesInMemory } from './retention.ts';
import type { Remembered, Store } from './store.ts';
import { type TallyHour, TallyRollup } from './tallyRollup.ts';

/** What was recorded while there was no disk, kept until it is there. Leases are left out: they are momentary. */
export class Unwritten {
  #refusals: Refusal[] = [];
  /** Epoch ms. */
  #refusalsForgottenUntil: number | undefined;
  /** As many as are kept in memory; the hours are those of all. */
  #tallies: RequestTally[] = [];
  readonly #tallyHours = new TallyRollup();
  readonly #switches: BillingSwitch[] = [];
  readonly #forgotten = new Set<string>();
  readonly #parts = new Map<string, Map<string, StoredPart>>();
  #balances: { account: string; at: number; usedNanoUsd: number }[] = [];
  readonly #preferences = new Map<string, string | undefined>();

  get isEmpty(): boolean {
    return (
      this.#refusalsForgottenUntil === undefined &&
      this.#refusals.length + this.#forgotten.size + this.#parts.size + this.#preferences.size === 0 &&
      this.#balances.length + this.#tallyHours.hours.length + this.#switches.length === 0
    );
  }

  noteRefusals(refusals: readonly Refusal[]): void {
    for (const refusal of refusals) this.#refusals.push(refusal);
  }

  noteForgottenRefusals(until: number): void {
    this.#refusals = this.#refusals.filter(({ at }) => at > until);
    this.#refusalsForgottenUntil = Math.max(until, this.#refusalsForgottenUntil ?? until);
  }

  noteTallies(tallies: readonly RequestTally[], hours: readonly TallyHour[]): void {
    this.#tallies = [...this.#tallies, ...tallies].slice(-talliesInMemory);
    this.#tallyHours.add(hours);
  }

  noteSwitch(billingSwitch: BillingSwitch): void {
    this.#switches.push(billingSwitch);
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

  /** What was read from a damaged file. Its counts of refusals are left behind: they follow from the refusals. */
  noteRemembered(remembered: Remembered): void {
    const { refusals, tallies, tallyHours, switches, parts, balances, preferences } = remembered;
    const forgottenUntil = this.#refusalsForgottenUntil ?? Number.NEGATIVE_INFINITY;
    this.#refusals.unshift(...refusals.filter(({ at }) => at > forgottenUntil));
    this.#tallies.unshift(...tallies);
    this.#tallyHours.add(tallyHours);
    this.#switches.unshift(...switches);
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
    // At once, since some of the writes would count twice if they were repeated.
    store.atOnce(() => this.#writeAll(store));
  }

  #writeAll(store: Store): void {
    for (const account of this.#forgotten) store.forgetAccount(account);
    for (const [account, parts] of this.#parts) {
      for (const [part, stored] of parts) {
        const other = store.readPart(account, part);
        if ((other?.asOf ?? 0) <= (stored.asOf ?? 0)) store.writePart(account, part, stored);
      }
    }
    for (const { account, at, usedNanoUsd } of this.#balances) store.recordBalance(account, at, usedNanoUsd);
    for (const [key, value] of this.#preferences) store.setPreference(key, value);
    if (this.#refusalsForgottenUntil !== undefined) store.forgetRefusals(this.#refusalsForgottenUntil);
    store.recordRefusals(this.#refusals);
    store.writeTallies(this.#tallies, this.#tallyHours.hours);
    for (const billingSwitch of this.#switches) store.recordSwitch(billingSwitch);
  }
}
