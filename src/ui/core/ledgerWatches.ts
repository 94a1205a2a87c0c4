import { type BudgetScope, isSet, readBudget, readDecision, scopesOf } from '../../billing/budget.ts';
import { type LearnedWindows, learnedWindows } from '../../gateway/pacing/learnedWindows.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { monthStart } from '../../limits/account/credits.ts';
import type { PayerTotal, WorkspaceUse } from '../../limits/requests/requestTally.ts';
import type { StoredBudget } from '../../view/account/budgetState.ts';
import type { GatewayUse } from '../../view/viewInput.ts';
import { LedgerWatch } from './ledgerWatch.ts';

/** Interval between checks for a write by the CLI or another window. */
const budgetsEveryMs = 250;
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
 * Budgets that are set for the payers that may pay, in all folders and in this workspace.
 * @param payers as `formatProfile` writes them
 * @param settingNanoUsd the setting, which is the user's own budget while the ledger has none
 */
export function watchBudgets(
  ledger: Pick<Ledger, 'dataVersion' | 'getPreference'>,
  payers: () => readonly string[],
  workspace: string | undefined,
  settingNanoUsd: () => number | undefined,
): LedgerWatch<string, readonly StoredBudget[]> {
  const readScope = (scope: BudgetScope): StoredBudget => {
    const budget = readBudget(ledger, scope);
    const isUsers = scope.payer === 'personal' && scope.workspace === undefined;
    const ofSetting = isUsers && !isSet(budget) ? settingNanoUsd() : undefined;
    const { monthNanoUsd = ofSetting } = budget;
    return { ...scope, ...budget, monthNanoUsd, decision: readDecision(ledger, scope) };
  };
  return new LedgerWatch({
    ledger,
    subject: () => JSON.stringify([payers(), settingNanoUsd()]),
    read: () => scopesOf(payers(), workspace).map(readScope).filter(isSet),
    checkEveryMs: budgetsEveryMs,
  });
}

/**
 * What each payer's requests through a workspace's gateways cost this month.
 * @param workspace undefined: nothing needs it
 */
export function watchFolderUse(
  ledger: Pick<Ledger, 'dataVersion' | 'workspaceTotals'>,
  workspace: () => string | undefined,
  serverNow: () => number,
): LedgerWatch<string, readonly PayerTotal[]> {
  const month = () => monthStart(serverNow());
  return new LedgerWatch({
    ledger,
    subject: () => `${month()} ${workspace() ?? ''}`,
    read() {
      const of = workspace();
      return of === undefined ? [] : ledger.workspaceTotals(of, month());
    },
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
