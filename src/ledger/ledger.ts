import type { BillingSwitch } from '../limits/account/billingSwitch.ts';
import type { BalanceSample } from '../limits/account/forecast.ts';
import type { LearnedLimit } from '../limits/pacing/learnedLimits.ts';
import type { Refusal, RefusalCause } from '../limits/refusals/refusal.ts';
import { settlingMs } from '../limits/refusals/unsettled.ts';
import type { CountedHere, CountedSpan, Span } from '../limits/requests/countedSpan.ts';
import type {
  AcceptedRequests,
  PayerTotal,
  RequestTally,
  TallyTotal,
  WorkspaceUse,
} from '../limits/requests/requestTally.ts';
import type { StoredPart } from './accountTable.ts';
import { Cadence } from './cadence.ts';
import type { DiskOrMemory, LedgerHealth } from './diskOrMemory.ts';
import { sweepAgainMs, sweepChanges, sweepEveryMs } from './retention.ts';
import type { Tables } from './tables.ts';
import { hoursOf } from './tallyHours.ts';
import { quartersOf } from './workspaceQuarters.ts';

/** The database, or databases, behind a ledger. */
type Store = Pick<DiskOrMemory, 'health' | 'generation' | 'call' | 'followFile' | 'close'>;

/**
 * The database that all windows and the CLI share. Every call is synchronous and takes well under a
 * millisecond. None throws for a broken disk: the ledger goes on in memory, and `health` says why. Times are
 * epoch ms.
 */
export class Ledger {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #sweep = new Cadence();
  /** Since the last sweep of this process. */
  #changes = 0;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  get health(): LedgerHealth {
    return this.#store.health;
  }

  /** Writes in one transaction. */
  recordRefusals(refusals: readonly Refusal[]): void {
    if (refusals.length > 0) this.#add(tables => tables.refusals.record(refusals));
  }

  /** Newest first. */
  lastRefusals(count: number): Refusal[] {
    return this.#store.call(({ refusals }) => refusals.last(count));
  }

  /** Both ends included, newest first. */
  refusalsBetween(from: number, to: number, count: number): Refusal[] {
    return this.#store.call(({ refusals }) => refusals.between(from, to, count));
  }

  /** Gives another cause to refusals of that time, which more is known of by now. */
  reviseRefusals(from: number, to: number, causeOf: (refusal: Refusal) => RefusalCause): void {
    this.#add(({ refusals }) => refusals.revise(from, to, causeOf));
  }

  /** Deletes those up to `until`. Some milliseconds for many. */
  forgetRefusals(until: number): void {
    this.#remove('refusals', ({ refusals }) => refusals.forget(until));
  }

  /** Writes in one transaction, with the sums by hour and workspace: some microseconds a tally in batches of 100. */
  recordTallies(tallies: readonly RequestTally[]): void {
    if (tallies.length === 0) return;
    const hours = hoursOf(tallies);
    const quarters = quartersOf(tallies);
    this.#add(tables => tables.tallies.write(tallies, hours, quarters));
  }

  /** Last recorded first: a request is recorded when it has ended. */
  lastTallies(count: number): RequestTally[] {
    return this.#store.call(({ tallies }) => tallies.last(count));
  }

  /** The last requests that payers' money was accepted for, by payer. A fraction of a millisecond. */
  acceptedRequests(now: number): AcceptedRequests[] {
    return this.#store.call(({ tallies }) => tallies.accepted(now - settlingMs, now));
  }

  /** By payer, provider and model, in no order, from the hour of `since` on. Milliseconds for a busy month. */
  tallyTotals(since: number): TallyTotal[] {
    return this.#store.call(({ tallies }) => tallies.totals(since));
  }

  /** Through the workspace's gateway. Microseconds for a day. @param since a quarter of an hour begins then */
  workspaceUse(workspace: string, since: number): WorkspaceUse {
    return this.#store.call(({ workspaces }) => workspaces.used(workspace, since));
  }

  /** Requests of hours that begin in the span, and refusals that began in it. Milliseconds for a busy month. */
  countedSpan(span: Span): CountedSpan {
    return this.#store.call(({ tallies, workspaces, refusalTotals }) => ({
      ...span,
      totals: tallies.between(span),
      workspaces: workspaces.between(span),
      refusals: refusalTotals.between(span),
    }));
  }

  /** Number of the first refusal that is kept: another one after refusals were deleted. */
  oldestRefusal(): bigint | undefined {
    return this.#store.call(({ refusalTotals }) => refusalTotals.oldest());
  }

  /** Epoch ms of the first and last hour with requests. */
  countedHours(): CountedHere['hours'] {
    return this.#store.call(({ tallies }) => tallies.hours());
  }

  /** What each payer's requests through the workspace's gateways cost. Microseconds. @param since a quarter begins then */
  workspaceTotals(workspace: string, since: number): PayerTotal[] {
    return this.#store.call(({ workspaces }) => workspaces.payers(workspace, since));
  }

  /** Replaces a gateway's last report on each of these limits. Writes in one transaction. */
  shareLimits(learned: readonly LearnedLimit[]): void {
    if (learned.length === 0) return;
    this.#change(() => this.#store.call(({ limits }) => limits.write(learned, this.#now())));
  }

  /** The last reports of all gateways since then, in no order. */
  sharedLimits(since: number): LearnedLimit[] {
    return this.#store.call(({ limits }) => limits.since(since, this.#now()));
  }

  recordSwitch(billingSwitch: BillingSwitch): void {
    this.#add(({ switches }) => switches.record(billingSwitch));
  }

  /** The last ones of the span, oldest first; of all workspaces. */
  switchesWithin(span: Span, most: number): BillingSwitch[] {
    return this.#store.call(({ switches }) => switches.within(span, most));
  }

  /** Hugging Face's last report on a part of an account. `account` is a token's fingerprint. */
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
    this.#remove(`account ${account}`, ({ accounts }) => accounts.forget(account));
  }

  /** One sample of the month's spend, for the forecast, and for what unsettled requests hold. */
  recordBalance(account: string, at: number, usedNanoUsd: number, requests?: number): void {
    this.#add(({ accounts }) => accounts.recordBalance(account, at, usedNanoUsd, requests));
  }

  balancesSince(account: string, since: number): BalanceSample[] {
    return this.#store.call(({ accounts }) => accounts.balancesSince(account, since));
  }

  /** The least of each hour's samples in `[since, until)`. */
  leastBalances(account: string, since: number, until: number): BalanceSample[] {
    return this.#store.call(({ accounts }) => accounts.leastByHour(account, since, until));
  }

  /** Takes or renews a lease until `now + ttlMs`. False while another holder's lease runs. */
  acquireLease(name: string, holder: string, now: number, ttlMs: number): boolean {
    return this.#change(() => this.#store.call(({ leases }) => leases.acquire(name, holder, now, ttlMs)));
  }

  releaseLease(name: string, holder: string): void {
    this.#change(() => this.#store.call(({ leases }) => leases.release(name, holder)));
  }

  /** Small facts that all windows share and that are no secret, such as the active session. */
  getPreference(key: string): string | undefined {
    return this.#store.call(({ preferences }) => preferences.get(key));
  }

  setPreference(key: string, value: string | undefined): void {
    const now = this.#now();
    if (value === undefined) this.#remove(`preference ${key}`, ({ preferences }) => preferences.delete(key));
    else this.#add(({ preferences }) => preferences.set(key, value, now));
  }

  /** Replaces a value that is still the expected one: of several processes only one gets true. */
  swapPreference(key: string, expected: string, value: string): boolean {
    const now = this.#now();
    return this.#change(() =>
      this.#store.call(({ preferences }) => preferences.swap(key, expected, value, now)),
    );
  }

  /** Differs after another process or connection has written. Costs microseconds. */
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

  /** @param subject what is deleted */
  #remove(subject: string, removal: (tables: Tables) => void): void {
    this.#change(() => this.#store.call(removal, unwritten => unwritten.remove(subject, removal)));
  }

  #change<T>(change: () => T): T {
    this.#store.followFile();
    const result = change();
    this.#sweepWhenDue();
    return result;
  }

  #sweepWhenDue(): void {
    const now = this.#now();
    this.#changes += 1;
    const wroteMuch = this.#changes >= sweepChanges;
    if (!wroteMuch && !this.#sweep.due(now)) return;
    this.#changes = 0;
    this.#sweep.next(now, sweepEveryMs);
    const holder = String(process.pid);
    const more = this.#store.call(tables => {
      const isOurs = tables.leases.acquire('retention', holder, now, sweepEveryMs);
      return (isOurs || wroteMuch) && tables.sweep(now);
    });
    if (more) this.#sweep.next(now, sweepAgainMs);
  }
}
