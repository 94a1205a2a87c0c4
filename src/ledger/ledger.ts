import type { BillingSwitch } from '../limits/account/billingSwitch.ts';
import type { LearnedLimit } from '../limits/pacing/learnedLimits.ts';
import type { Refusal } from '../limits/refusals/refusal.ts';
import type { RequestTally, TallyTotal } from '../limits/requests/requestTally.ts';

/**
 * The database that all windows and the CLI share. Every call is synchronous and takes well under a
 * millisecond. None throws for a broken disk: the ledger goes on in memory, and `health` says why. Times are
 * epoch ms.
 */
export interface Ledger {
  readonly health: LedgerHealth;

  /** Writes in one transaction. */
  recordRefusals(refusals: readonly Refusal[]): void;
  /** Newest first. */
  lastRefusals(count: number): Refusal[];
  /** Both ends included, newest first. */
  refusalsBetween(from: number, to: number, count: number): Refusal[];
  /** Deletes those up to `until`. Some milliseconds for many. */
  forgetRefusals(until: number): void;

  /** Writes in one transaction, with the sums by hour: some microseconds a tally in batches of 100. */
  recordTallies(tallies: readonly RequestTally[]): void;
  /** Last recorded first: a request is recorded when it has ended. */
  lastTallies(count: number): RequestTally[];
  /** By payer, provider and model, in no order, from the hour of `since` on. Milliseconds for a busy month. */
  tallyTotals(since: number): TallyTotal[];

  /** Replaces a gateway's last report on each of these limits. Writes in one transaction. */
  shareLimits(learned: readonly LearnedLimit[]): void;
  /** The last reports of all gateways since then, in no order. */
  sharedLimits(since: number): LearnedLimit[];

  recordSwitch(billingSwitch: BillingSwitch): void;
  /** Last recorded first, of all workspaces. For the planned dashboard. */
  lastSwitches(count: number): BillingSwitch[];

  /** Hugging Face's last report on a part of an account. `account` is a token's fingerprint. */
  readPart(account: string, part: string): StoredPart | undefined;
  readParts(account: string): Map<string, StoredPart>;
  writePart(account: string, part: string, stored: StoredPart): void;
  forgetAccount(account: string): void;

  /** One sample of the month's spend, for the forecast. */
  recordBalance(account: string, at: number, usedNanoUsd: number): void;
  balancesSince(account: string, since: number): Balance[];

  /** Takes or renews a lease until `now + ttlMs`. False while another holder's lease runs. */
  acquireLease(name: string, holder: string, now: number, ttlMs: number): boolean;
  releaseLease(name: string, holder: string): void;

  /** Small facts that all windows share and that are no secret, such as the active session. */
  getPreference(key: string): string | undefined;
  setPreference(key: string, value: string | undefined): void;

  /** Differs after another process or connection has written. Costs microseconds. */
  dataVersion(): number;
  close(): void;
}

export interface Balance {
  readonly at: number;
  readonly usedNanoUsd: number;
}

export interface StoredPart {
  /** JSON. */
  readonly value?: string;
  /** Epoch ms. */
  readonly asOf?: number;
  /** JSON. */
  readonly problem?: string;
}

export type LedgerHealth =
  | { readonly kind: 'ok' }
  /** The file was damaged: it was moved aside, and a new one begun. */
  | { readonly kind: 'recovered'; readonly movedTo: string; readonly reason: string }
  /** Nothing is written to disk: read-only folder, full disk or locked file. */
  | { readonly kind: 'memory'; readonly reason: string };
