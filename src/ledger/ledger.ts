import type { BillingSwitch } from '../limits/account/billingSwitch.ts';
import type { LearnedLimit } from '../limits/pacing/learnedLimits.ts';
import type { Refusal, RefusalCause } from '../limits/refusals/refusal.ts';
import type { RequestTally, TallyTotal } from '../limits/requests/requestTally.ts';

/**
 * The one database that all windows and the CLI share. Every call is synchronous and takes well under a
 * millisecond; none throws for a broken disk: it degrades to memory and says so in `health`.
 */
export interface Ledger {
  readonly health: LedgerHealth;
  /** Fires when `health` changed. */
  onDidChangeHealth(listener: (health: LedgerHealth) => void): { dispose(): void };

  /** Writes in one transaction, with the hourly roll-ups. */
  recordRefusals(refusals: readonly Refusal[]): void;
  /** Newest first. */
  lastRefusals(count: number): Refusal[];
  /** Those of this time, both ends included, newest first. Epoch ms. */
  refusalsBetween(from: number, to: number, count: number): Refusal[];
  /** Those up to that time go, with what they count for in the roll-ups: some milliseconds for many. Epoch ms. */
  forgetRefusals(until: number): void;
  /** From the roll-up; `since` is rounded down to the hour. Epoch ms. */
  refusalCountsByCause(since: number): Map<RefusalCause, number>;
  /** Epoch ms of each hour with refusals → count, from the roll-up. */
  refusalCountsByHour(since: number): Map<number, number>;

  /** Writes in one transaction, with the hourly roll-up: some microseconds a tally in batches of 100. */
  recordTallies(tallies: readonly RequestTally[]): void;
  /** The last recorded first: a request is recorded when it has ended. */
  lastTallies(count: number): RequestTally[];
  /** By payer, provider and model, from the roll-up, in no order; `since` is rounded down to the hour. Epoch ms. A busy month takes milliseconds. */
  tallyTotals(since: number): TallyTotal[];

  /** What a gateway learned of limits takes the place of its last word on them. Written in one transaction. */
  shareLimits(learned: readonly LearnedLimit[]): void;
  /** The last words of all gateways since then, epoch ms, in no order. */
  sharedLimits(since: number): LearnedLimit[];

  recordSwitch(billingSwitch: BillingSwitch): void;
  /** The last recorded first, of all workspaces. */
  lastSwitches(count: number): BillingSwitch[];

  /** What was last known of one part of one account. `account` is a token's fingerprint, never a token. */
  readPart(account: string, part: string): StoredPart | undefined;
  readParts(account: string): Map<string, StoredPart>;
  writePart(account: string, part: string, stored: StoredPart): void;
  forgetAccount(account: string): void;

  /** One sample of the month's spend, for the forecast. Epoch ms, nano-USD. */
  recordBalance(account: string, at: number, usedNanoUsd: number): void;
  balancesSince(account: string, since: number): { at: number; usedNanoUsd: number }[];

  /** Takes or renews a lease until `now + ttlMs`; false while another holder's lease runs. */
  acquireLease(name: string, holder: string, now: number, ttlMs: number): boolean;
  releaseLease(name: string, holder: string): void;

  /** Small facts that all windows share and that are no secret, such as which session is active. */
  getPreference(key: string): string | undefined;
  setPreference(key: string, value: string | undefined): void;

  /** A number that differs after another process or connection has written. Costs microseconds. */
  dataVersion(): number;
  close(): void;
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
  /** The file was damaged: it was moved aside and a new one begun. */
  | { readonly kind: 'recovered'; readonly movedTo: string; readonly reason: string }
  /** Nothing is written to disk: read-only folder, full disk, locked file, or no `node:sqlite`. */
  | { readonly kind: 'memory'; readonly reason: string };
