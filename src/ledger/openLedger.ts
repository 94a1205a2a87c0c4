import type { BillingSwitch } from '../limits/account/billingSwitch.ts';
import type { LearnedLimit } from '../limits/pacing/learnedLimits.ts';
import type { Refusal, RefusalCause } from '../limits/refusals/refusal.ts';
import type { RequestTally, TallyTotal } from '../limits/requests/requestTally.ts';
import { Cadence } from './cadence.ts';
import { DiskOrMemory, reasonOf } from './diskOrMemory.ts';
import type { Ledger, LedgerHealth, StoredPart } from './ledger.ts';
import { sweepAgainMs, sweepEveryMs } from './retention.ts';
import type { Store } from './store.ts';
import { hoursOf } from './tallyRollup.ts';
import type { Unwritten } from './unwritten.ts';

export interface LedgerOptions {
  /** Absolute; created when missing. */
  readonly directory: string;
  /** Epoch ms. */
  readonly now: () => number;
  /** One line at each change of health, without secrets. */
  readonly log?: (line: string) => void;
}

/**
 * Opens the ledger that all processes with the same directory share. Never throws for a broken disk: a
 * damaged file is set aside and a new one begun; otherwise memory stands in, and calls bring back to disk
 * what was recorded meanwhile as soon as it can be written.
 */
export function openLedger(options: LedgerOptions): Ledger {
  return new SharedLedger(options);
}

class SharedLedger implements Ledger {
  readonly #options: LedgerOptions;
  readonly #listeners = new Set<(health: LedgerHealth) => void>();
  readonly #sweep = new Cadence();
  readonly #store: DiskOrMemory;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#store = new DiskOrMemory({
      directory: options.directory,
      now: options.now,
      onDidChangeHealth: health => this.#didChangeHealth(health),
    });
  }

  get health(): LedgerHealth {
    return this.#store.health;
  }

  onDidChangeHealth(listener: (health: LedgerHealth) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  recordRefusals(refusals: readonly Refusal[]): void {
    if (refusals.length === 0) return;
    this.#write(
      store => store.recordRefusals(refusals),
      unwritten => unwritten.noteRefusals(refusals),
    );
  }

  lastRefusals(count: number): Refusal[] {
    return this.#store.call(store => store.lastRefusals(count));
  }

  refusalsBetween(from: number, to: number, count: number): Refusal[] {
    return this.#store.call(store => store.refusalsBetween(from, to, count));
  }

  forgetRefusals(until: number): void {
    this.#write(
      store => store.forgetRefusals(until),
      unwritten => unwritten.noteForgottenRefusals(until),
    );
  }

  refusalCountsByCause(since: number): Map<RefusalCause, number> {
    return this.#store.call(store => store.refusalCountsByCause(since));
  }

  refusalCountsByHour(since: number): Map<number, number> {
    return this.#store.call(store => store.refusalCountsByHour(since));
  }

  recordTallies(tallies: readonly RequestTally[]): void {
    if (tallies.length === 0) return;
    const hours = hoursOf(tallies);
    this.#write(
      store => store.writeTallies(tallies, hours),
      unwritten => unwritten.noteTallies(tallies, hours),
    );
  }

  lastTallies(count: number): RequestTally[] {
    return this.#store.call(store => store.lastTallies(count));
  }

  tallyTotals(since: number): TallyTotal[] {
    return this.#store.call(store => store.tallyTotals(since));
  }

  shareLimits(learned: readonly LearnedLimit[]): void {
    if (learned.length > 0) this.#write(store => store.atOnce(() => store.shareLimits(learned)));
  }

  sharedLimits(since: number): LearnedLimit[] {
    return this.#store.call(store => store.sharedLimits(since));
  }

  recordSwitch(billingSwitch: BillingSwitch): void {
    this.#write(
      store => store.recordSwitch(billingSwitch),
      unwritten => unwritten.noteSwitch(billingSwitch),
    );
  }

  lastSwitches(count: number): BillingSwitch[] {
    return this.#store.call(store => store.lastSwitches(count));
  }

  readPart(account: string, part: string): StoredPart | undefined {
    return this.#store.call(store => store.readPart(account, part));
  }

  readParts(account: string): Map<string, StoredPart> {
    return this.#store.call(store => store.readParts(account));
  }

  writePart(account: string, part: string, stored: StoredPart): void {
    this.#write(
      store => store.writePart(account, part, stored),
      unwritten => unwritten.notePart(account, part, stored),
    );
  }

  forgetAccount(account: string): void {
    this.#write(
      store => store.forgetAccount(account),
      unwritten => unwritten.noteForgotten(account),
    );
  }

  recordBalance(account: string, at: number, usedNanoUsd: number): void {
    this.#write(
      store => store.recordBalance(account, at, usedNanoUsd),
      unwritten => unwritten.noteBalance(account, at, usedNanoUsd),
    );
  }

  balancesSince(account: string, since: number): { at: number; usedNanoUsd: number }[] {
    return this.#store.call(store => store.balancesSince(account, since));
  }

  acquireLease(name: string, holder: string, now: number, ttlMs: number): boolean {
    return this.#write(store => store.acquireLease(name, holder, now, ttlMs));
  }

  releaseLease(name: string, holder: string): void {
    this.#write(store => store.releaseLease(name, holder));
  }

  getPreference(key: string): string | undefined {
    return this.#store.call(store => store.getPreference(key));
  }

  setPreference(key: string, value: string | undefined): void {
    this.#write(
      store => store.setPreference(key, value),
      unwritten => unwritten.notePreference(key, value),
    );
  }

  dataVersion(): number {
    this.#store.followFile();
    // The generation is read after the call, which may have changed it.
    const version = this.#store.call(store => store.dataVersion());
    return this.#store.generation * 2 ** 32 + version;
  }

  close(): void {
    this.#store.close();
    this.#listeners.clear();
  }

  #write<T>(call: (store: Store) => T, note?: (unwritten: Unwritten) => void): T {
    this.#store.followFile();
    const result = this.#store.call(call, note);
    this.#sweepWhenDue();
    return result;
  }

  #sweepWhenDue(): void {
    const now = this.#options.now();
    if (!this.#sweep.due(now)) return;
    this.#sweep.next(now, sweepEveryMs);
    const holder = String(process.pid);
    const more = this.#store.call(
      store => store.acquireLease('retention', holder, now, sweepEveryMs) && store.sweep(now),
    );
    if (more) this.#sweep.next(now, sweepAgainMs);
  }

  #didChangeHealth(health: LedgerHealth): void {
    this.#options.log?.(`ledger: ${reasonOf(health) ?? 'kept on disk'}`);
    for (const listener of this.#listeners) listener(health);
  }
}
