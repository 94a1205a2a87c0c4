import type { BillingSwitch } from '../limits/account/billingSwitch.ts';
import type { Refusal, RefusalCause } from '../limits/refusals/refusal.ts';
import type { RequestTally } from '../limits/requests/requestTally.ts';
import type { Ledger, StoredPart } from './ledger.ts';
import type { TallyHour } from './tallyRollup.ts';

/** A ledger without the safety net: on disk (`SqliteStore`, throws when the disk fails) or in memory. */
export interface Store extends Omit<Ledger, 'health' | 'onDidChangeHealth' | 'recordTallies'> {
  /** All that `body` writes, or nothing. */
  atOnce(body: () => void): void;
  /** Tallies, and what the roll-up gains: the hours need not be those of these tallies. */
  writeTallies(tallies: readonly RequestTally[], hours: readonly TallyHour[]): void;
  /** Deletes a bounded number of outdated rows; true when more are left. Epoch ms. */
  sweep(now: number): boolean;
}

/** What is carried from a failing disk into memory, so that the last good values stay visible. */
export interface Remembered {
  /** Oldest first, the newest few hundred. */
  readonly refusals: readonly Refusal[];
  /** `hour` in epoch ms. */
  readonly refusalHours: readonly {
    readonly hour: number;
    readonly cause: RefusalCause;
    readonly count: number;
  }[];
  /** In the order in which they were recorded, the last few hundred. */
  readonly tallies: readonly RequestTally[];
  /** The newest few thousand. */
  readonly tallyHours: readonly TallyHour[];
  readonly switches: readonly BillingSwitch[];
  readonly parts: readonly { readonly account: string; readonly part: string; readonly stored: StoredPart }[];
  readonly balances: readonly {
    readonly account: string;
    readonly at: number;
    readonly usedNanoUsd: number;
  }[];
  readonly leases: readonly { readonly name: string; readonly holder: string; readonly expiresAt: number }[];
  readonly preferences: readonly { readonly key: string; readonly value: string }[];
}

export const hourMs = 3_600_000;

/** The start of the hour that epoch ms `at` falls into. */
export function hourOf(at: number): number {
  return Math.floor(at / hourMs) * hourMs;
}
