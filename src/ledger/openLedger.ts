import type { BillingSwitch } from '../limits/account/billingSwitch.ts';
import type { LearnedLimit } from '../limits/pacing/learnedLimits.ts';
import type { Refusal } from '../limits/refusals/refusal.ts';
import type { RequestTally, TallyTotal } from '../limits/requests/requestTally.ts';
import { Cadence } from './cadence.ts';
import { DiskOrMemory, reasonOf } from './diskOrMemory.ts';
import type { Balance, Ledger, LedgerHealth, StoredPart } from './ledger.ts';
import { openInMemory } from './openDatabase.ts';
import { sweepAgainMs, sweepEveryMs } from './retention.ts';
import type { Tables } from './tables.ts';
import { hoursOf } from './tallyHours.ts';

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
 * damaged file is set aside and a new one begun; for any other failure the ledger goes on in memory, and its
 * calls write to disk what was recorded meanwhile as soon as they can. Throws without `node:sqlite`.
 */
export function openLedger({ directory, now, log }: LedgerOptions): Ledger {
  const store = new DiskOrMemory({
    directory,
    now,
    onDidChangeHealth: health => log?.(`ledger: ${reasonOf(health) ?? 'kept on disk'}`),
  });
  return new SharedLedger(store, now);
}

/**
 * The same ledger without a file: it ends with the process, no other process sees it, and its health is
 * `ok`. Throws without `node:sqlite`.
 */
export function openMemoryLedger({ now }: Pick<LedgerOptions, 'now'>): Ledger {
  const tables = openInMemory();
  const store: Store = {
    health: { kind: 'ok' },
    generation: 1,
    call: run => run(tables),
    followFile() {},
    close() {},
  };
  return new SharedLedger(store, now);
}

type Store = Pick<DiskOrMemory, 'health' | 'generation' | 'call' | 'followFile' | 'close'>;

class SharedLedger implements Ledger {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #sweep = new Cadence();

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  get health(): LedgerHealth {
    return this.#store.health;
  }

  recordRefusals(refusals: readonly Refusal[]): void {
    if (refusals.length > 0) this.#add(tables => tables.refusals.record(refusals));
  }

  lastRefusals(count: number): Refusal[] {
    return this.#store.call(({ refusals }) => refusals.last(count));
  }

  refusalsBetween(from: number, to: number, count: number): Refusal[] {
    return this.#store.call(({ refusals }) => refusals.between(from, to, count));
  }

  forgetRefusals(until: number): void {
    this.#remove(({ refusals }) => refusals.forget(until));
  }

  recordTallies(tallies: readonly RequestTally[]): void {
    if (tallies.length === 0) return;
    const hours = hoursOf(tallies);
    this.#add(tables => tables.tallies.write(tallies, hours));
  }

  lastTallies(count: number): RequestTally[] {
    return this.#store.call(({ tallies }) => tallies.last(count));
  }

  tallyTotals(since: number): TallyTotal[] {
    return this.#store.call(({ tallies }) => tallies.totals(since));
  }

  shareLimits(learned: readonly LearnedLimit[]): void {
    if (learned.length === 0) return;
    this.#change(() => this.#store.call(tables => tables.atOnce(() => tables.limits.write(learned))));
  }

  sharedLimits(since: number): LearnedLimit[] {
    return this.#store.call(({ limits }) => limits.since(since));
  }

  recordSwitch(billingSwitch: BillingSwitch): void {
    this.#add(({ switches }) => switches.record(billingSwitch));
  }

  lastSwitches(count: number): BillingSwitch[] {
    return this.#store.call(({ switches }) => switches.last(count));
  }

  readPart(account: string, part: string): StoredPart | undefined {
    return this.#store.call(({ accounts }) => accounts.read(account, part));
  }

  readParts(account: string): Map<string, StoredPart> {
    return this.#store.call(({ accounts }) => accounts.readAll(account));
  }

  writePart(account: string, part: string, stored: StoredPart): void {
    this.#add(({ accounts }) => accounts.write(account, part, stored));
  }

  forgetAccount(account: string): void {
    this.#remove(({ accounts }) => accounts.forget(account));
  }

  recordBalance(account: string, at: number, usedNanoUsd: number): void {
    this.#add(({ accounts }) => accounts.recordBalance(account, { at, usedNanoUsd }));
  }

  balancesSince(account: string, since: number): Balance[] {
    return this.#store.call(({ accounts }) => accounts.balancesSince(account, since));
  }

  acquireLease(name: string, holder: string, now: number, ttlMs: number): boolean {
    return this.#change(() => this.#store.call(({ leases }) => leases.acquire(name, holder, now, ttlMs)));
  }

  releaseLease(name: string, holder: string): void {
    this.#change(() => this.#store.call(({ leases }) => leases.release(name, holder)));
  }

  getPreference(key: string): string | undefined {
    return this.#store.call(({ preferences }) => preferences.get(key));
  }

  setPreference(key: string, value: string | undefined): void {
    if (value === undefined) this.#remove(({ preferences }) => preferences.delete(key));
    else this.#add(({ preferences }) => preferences.set(key, value));
  }

  dataVersion(): number {
    this.#store.followFile();
    // The generation is read after the call, which may change it.
    const version = this.#store.call(tables => tables.dataVersion());
    return this.#store.generation * 2 ** 32 + version;
  }

  close(): void {
    this.#store.close();
  }

  #add(write: (tables: Tables) => void): void {
    this.#change(() => this.#store.call(write, unwritten => unwritten.add(write)));
  }

  #remove(removal: (tables: Tables) => void): void {
    this.#change(() => this.#store.call(removal, unwritten => unwritten.remove(removal)));
  }

  #change<T>(change: () => T): T {
    this.#store.followFile();
    const result = change();
    this.#sweepWhenDue();
    return result;
  }

  #sweepWhenDue(): void {
    const now = this.#now();
    if (!this.#sweep.due(now)) return;
    this.#sweep.next(now, sweepEveryMs);
    const holder = String(process.pid);
    const more = this.#store.call(
      tables => tables.leases.acquire('retention', holder, now, sweepEveryMs) && tables.sweep(now),
    );
    if (more) this.#sweep.next(now, sweepAgainMs);
  }
}
