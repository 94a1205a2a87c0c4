import type { Snapshot } from '../../account/snapshot.ts';
import { type LearnedWindows, learnedWindows } from '../../gateway/pacing/learnedWindows.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { monthStart } from '../../limits/account/credits.ts';
import type { GatewayUse } from '../../view/account/gatewayUse.ts';
import { LedgerWatch } from './ledgerWatch.ts';

/** Older windows are not shown. */
const readMs = 3_600_000;

/**
 * Requests of this month that went through gateways, this window's and others'.
 * @param serverNow epoch ms by Hugging Face's clock, whose months count
 */
export function watchGatewayUse(
  ledger: Pick<Ledger, 'dataVersion' | 'tallyTotals'>,
  serverNow: () => number,
): LedgerWatch<number, GatewayUse> {
  return new LedgerWatch({
    ledger,
    subject: () => monthStart(serverNow()),
    read: since => ({ since, totals: ledger.tallyTotals(since) }),
  });
}

export type LearnedWatch = LedgerWatch<string | undefined, LearnedWindows>;

/**
 * Rate windows that gateways, this window's and others', learned from responses to programs.
 * @param token of the account whose windows at Hugging Face are shown; undefined while signed out
 */
export function watchLearnedWindows(
  ledger: Pick<Ledger, 'dataVersion' | 'sharedLimits'>,
  token: () => string | undefined,
  now: () => number,
): LearnedWatch {
  const read = (of: string | undefined) => learnedWindows(ledger.sharedLimits(now() - readMs), of);
  return new LedgerWatch({ ledger, subject: token, read });
}

/** Adds the Hub's windows to those of Headroom's own requests. Another token's windows are never added. */
export function addLearnedWindows(snapshot: Snapshot, learned: LearnedWatch): Snapshot {
  const { hub } = learned.value;
  if (hub.length === 0 || !learned.isCurrent) return snapshot;
  return { ...snapshot, headerWindows: [...snapshot.headerWindows, ...hub] };
}
