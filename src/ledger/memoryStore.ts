import type { BillingSwitch } from '../limits/account/billingSwitch.ts';
import { type LearnedLimit, mergeLearned } from '../limits/pacing/learnedLimits.ts';
import type { Refusal, RefusalCause } from '../limits/refusals/refusal.ts';
import type { RequestTally, TallyTotal } from '../limits/requests/requestTally.ts';
import type { StoredPart } from './ledger.ts';
import {
  balancesKeptMs,
  limitsKeptMs,
  partsKeptMs,
  refusalsKeptMs,
  switchesKeptMs,
  talliesInMemory,
  talliesKeptMs,
  tallyHoursKeptMs,
} from './retention.ts';
import { completed, looksLike, sightingWindowMs, witnessOf } from './sameRefusal.ts';
import { hourOf, type Remembered, type Store } from './store.ts';
import { type TallyHour, TallyRollup } from './tallyRollup.ts';

interface Sighted {
  refusal: Refusal;
  witnesses: number;
}

/** The ledger of one process while there is no disk, begun with what was last read from it. */
export class MemoryStore implements Store {
  /** Oldest first. */
  #refusals: Sighted[] = [];
  /** Hour → cause → count. */
  readonly #refusalHours = new Map<number, Map<RefusalCause, number>>();
  /** In the order in which they were recorded. */
  #tallies: RequestTally[] = [];
  readonly #tallyHours = new TallyRollup();
  #switches: BillingSwitch[] = [];
  /** Momentary: they are neither carried into memory nor back to disk. */
  #limits: readonly LearnedLimit[] = [];
  readonly #parts = new Map<string, Map<string, StoredPart>>();
  /** Account → epoch ms → nano-USD. */
  readonly #balances = new Map<string, Map<number, number>>();
  readonly #leases = new Map<string, { holder: string; expiresAt: number }>();
  readonly #preferences = new Map<string, string>();

  constructor(remembered?: Remembered) {
    if (!remembered) return;
    this.#refusals = remembered.refusals.map(refusal => ({ refusal, witnesses: witnessOf(refusal.source) }));
    for (const { hour, cause, count } of remembered.refusalHours) this.#count(hour, cause, count);
    this.writeTallies(remembered.tallies, remembered.tallyHours);
    this.#switches = [...remembered.switches];
    for (const { account, part, stored } of remembered.parts) this.writePart(account, part, stored);
    for (const { account, at, usedNanoUsd } of remembered.balances) {
      this.recordBalance(account, at, usedNanoUsd);
    }
    for (const { name, holder, expiresAt } of remembered.leases)
      this.#leases.set(name, { holder, expiresAt });
    for (const { key, value } of remembered.preferences) this.#preferences.set(key, value);
  }

  atOnce(body: () => void): void {
    body();
  }

  recordRefusals(refusals: readonly Refusal[]): void {
    for (const refusal of refusals) {
      const witness = witnessOf(refusal.source);
      const same = this.#findSame(refusal, witness);
      if (same) {
        const first = same.refusal;
        same.witnesses |= witness;
        same.refusal = completed(first, refusal);
        if (same.refusal.cause !== first.cause) {
          this.#count(hourOf(first.at), first.cause, -1);
          this.#count(hourOf(first.at), same.refusal.cause, 1);
        }
        continue;
      }
      const later = this.#refusals.findLastIndex(sighted => sighted.refusal.at <= refusal.at) + 1;
      this.#refusals.splice(later, 0, { refusal, witnesses: witness });
      this.#count(hourOf(refusal.at), refusal.cause, 1);
    }
  }

  lastRefusals(count: number): Refusal[] {
    return this.#refusals
      .slice(Math.max(0, this.#refusals.length - count))
      .reverse()
      .map(({ refusal }) => refusal);
  }

  refusalsBetween(from: number, to: number, count: number): Refusal[] {
    return this.lastRefusals(this.#refusals.length)
      .filter(({ at }) => at >= from && at <= to)
      .slice(0, count);
  }

  forgetRefusals(until: number): void {
    this.#refusals = this.#refusals.filter(({ refusal }) => refusal.at > until);
    const last = hourOf(until);
    for (const hour of this.#refusalHours.keys()) if (hour <= last) this.#refusalHours.delete(hour);
    for (const { refusal } of this.#refusals) {
      if (hourOf(refusal.at) === last) this.#count(last, refusal.cause, 1);
    }
  }

  refusalCountsByCause(since: number): Map<RefusalCause, number> {
    const counts = new Map<RefusalCause, number>();
    for (const [hour, causes] of this.#refusalHours) {
      if (hour < hourOf(since)) continue;
      for (const [cause, count] of causes) counts.set(cause, (counts.get(cause) ?? 0) + count);
    }
    return counts;
  }

  refusalCountsByHour(since: number): Map<number, number> {
    return new Map(
      [...this.#refusalHours]
        .filter(([hour]) => hour >= hourOf(since))
        .map(([hour, causes]): [number, number] => [hour, [...causes.values()].reduce((a, b) => a + b)])
        .sort(([one], [other]) => one - other),
    );
  }

  writeTallies(tallies: readonly RequestTally[], hours: readonly TallyHour[]): void {
    this.#tallies = [...this.#tallies, ...tallies].slice(-talliesInMemory);
    this.#tallyHours.add(hours);
  }

  lastTallies(count: number): RequestTally[] {
    return this.#tallies.slice(Math.max(0, this.#tallies.length - count)).reverse();
  }

  tallyTotals(since: number): TallyTotal[] {
    return this.#tallyHours.totals(since);
  }

  shareLimits(learned: readonly LearnedLimit[]): void {
    this.#limits = mergeLearned(this.#limits, learned);
  }

  sharedLimits(since: number): LearnedLimit[] {
    return this.#limits.filter(({ at }) => at >= since);
  }

  recordSwitch(billingSwitch: BillingSwitch): void {
    this.#switches.push(billingSwitch);
  }

  lastSwitches(count: number): BillingSwitch[] {
    return this.#switches.slice(Math.max(0, this.#switches.length - count)).reverse();
  }

  readPart(account: string, part: string): StoredPart | undefined {
    return this.#parts.get(account)?.get(part);
  }

  readParts(account: string): Map<string, StoredPart> {
    return new Map(this.#parts.get(account));
  }

  writePart(account: string, part: string, stored: StoredPart): void {
    const parts = this.#parts.get(account) ?? new Map<string, StoredPart>();
    this.#parts.set(account, parts.set(part, stored));
  }

  forgetAccount(account: string): void {
    this.#parts.delete(account);
    this.#balances.delete(account);
  }

  recordBalance(account: string, at: number, usedNanoUsd: number): void {
    const samples = this.#balances.get(account) ?? new Map<number, number>();
    this.#balances.set(account, samples.set(at, usedNanoUsd));
  }

  balancesSince(account: string, since: number): { at: number; usedNanoUsd: number }[] {
    return [...(this.#balances.get(account) ?? [])]
      .filter(([at]) => at >= since)
      .map(([at, usedNanoUsd]) => ({ at, usedNanoUsd }))
      .sort((one, other) => one.at - other.at);
  }

  acquireLease(name: string, holder: string, now: number, ttlMs: number): boolean {
    const lease = this.#leases.get(name);
    const runs = lease && lease.expiresAt > now && lease.expiresAt <= now + 2 * ttlMs;
    if (runs && lease.holder !== holder) return false;
    this.#leases.set(name, { holder, expiresAt: now + ttlMs });
    return true;
  }

  releaseLease(name: string, holder: string): void {
    if (this.#leases.get(name)?.holder === holder) this.#leases.delete(name);
  }

  getPreference(key: string): string | undefined {
    return this.#preferences.get(key);
  }

  setPreference(key: string, value: string | undefined): void {
    if (value === undefined) this.#preferences.delete(key);
    else this.#preferences.set(key, value);
  }

  dataVersion(): number {
    return 0;
  }

  sweep(now: number): boolean {
    const oldest = hourOf(now - refusalsKeptMs);
    this.#refusals = this.#refusals.filter(({ refusal }) => refusal.at >= oldest);
    for (const hour of this.#refusalHours.keys()) if (hour < oldest) this.#refusalHours.delete(hour);
    this.#tallies = this.#tallies.filter(({ at }) => at >= now - talliesKeptMs);
    this.#tallyHours.forgetBefore(hourOf(now - tallyHoursKeptMs));
    this.#switches = this.#switches.filter(({ at }) => at >= now - switchesKeptMs);
    this.#limits = this.sharedLimits(now - limitsKeptMs);
    for (const samples of this.#balances.values()) {
      for (const at of samples.keys()) if (at < now - balancesKeptMs) samples.delete(at);
    }
    for (const [account, parts] of this.#parts) {
      const told = [...parts.values()].flatMap(({ asOf }) => (asOf === undefined ? [] : [asOf]));
      if (told.length > 0 && Math.max(...told) < now - partsKeptMs) this.#parts.delete(account);
    }
    return false;
  }

  close(): void {}

  #findSame(refusal: Refusal, witness: number): Sighted | undefined {
    const first =
      this.#refusals.findLastIndex(sighted => sighted.refusal.at < refusal.at - sightingWindowMs) + 1;
    for (const sighted of this.#refusals.slice(first)) {
      if ((sighted.witnesses & witness) === 0 && looksLike(sighted.refusal, refusal)) return sighted;
    }
    return undefined;
  }

  #count(hour: number, cause: RefusalCause, count: number): void {
    const causes = this.#refusalHours.get(hour) ?? new Map<RefusalCause, number>();
    const total = (causes.get(cause) ?? 0) + count;
    if (total > 0) causes.set(cause, total);
    else causes.delete(cause);
    this.#refusalHours.set(hour, causes);
  }
}
