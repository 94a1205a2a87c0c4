import { type LearnedWindows, learnedWindows } from '../../gateway/pacing/learnedWindows.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { monthStart } from '../../limits/account/credits.ts';
import type { WorkspaceUse } from '../../limits/requests/requestTally.ts';
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

/** What this workspace's requests have cost since the local midnight; undefined without a workspace. */
export function watchToday(
  ledger: Pick<Ledger, 'dataVersion' | 'workspaceUse'>,
  workspace: string | undefined,
  now: () => number,
): LedgerWatch<number, WorkspaceUse | undefined> {
  return new LedgerWatch({
    ledger,
    subject: () => new Date(now()).setHours(0, 0, 0, 0),
    read: since => (workspace === undefined ? undefined : ledger.workspaceUse(workspace, since)),
  });
}

/**
 * Rate windows that gateways, this window's and others', learned from responses to programs.
 * @param token of the account whose windows at Hugging Face are shown; undefined while signed out
 */
export function watchLearnedWindows(
  ledger: Pick<Ledger, 'dataVersion' | 'sharedLimits'>,
  token: () => string | undefined,
  now: () => number,
): LedgerWatch<string | undefined, LearnedWindows> {
  const read = (of: string | undefined) => learnedWindows(ledger.sharedLimits(now() - readMs), of);
  return new LedgerWatch({ ledger, subject: token, read });
}
