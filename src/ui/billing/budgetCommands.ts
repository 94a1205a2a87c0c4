import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { type BudgetDecision, decide } from '../../billing/budget.ts';
import type { BudgetModel } from '../../view/account/budgets.ts';
import { budgetsIn } from '../../view/billing/budgetChoice.ts';
import { clockText } from '../../view/text/times.ts';
import type { CoreHandle } from '../core/coreHandle.ts';

/** Lets exactly one request that is billed pass, at any gateway. @param name of a budget or its row */
export async function continueOnce(handle: CoreHandle, name: unknown): Promise<void> {
  const decision = { at: Date.now(), once: true } as const;
  await decideOn(handle, 'paused', name, decision, () =>
    l10n.t('The next request that is billed passes. Then the budget pauses again.'),
  );
}

/** Until the local midnight. */
export async function continueToday(handle: CoreHandle, name: unknown): Promise<void> {
  const now = Date.now();
  const until = new Date(now).setHours(24, 0, 0, 0);
  await decideOn(handle, 'paused', name, { at: now, until }, locale =>
    l10n.t('Billing goes on until {0}. Then the budget pauses again.', clockText(until, { now, locale })),
  );
}

export async function pauseAgain(handle: CoreHandle, name: unknown): Promise<void> {
  await decideOn(handle, 'continues', name, { at: Date.now() }, () =>
    l10n.t('The budget pauses again what would be billed.'),
  );
}

async function decideOn(
  handle: CoreHandle,
  state: BudgetModel['state'],
  name: unknown,
  decision: BudgetDecision,
  done: (locale: string) => string,
): Promise<void> {
  const { ledger, budgets } = await handle.get();
  const input = handle.viewInput();
  const found = input ? budgetsIn(state, typeof name === 'string' ? name : undefined, input) : [];
  for (const budget of found) decide(ledger, budget, decision);
  budgets.look();
  const text = found.length > 0 ? done(vscode.env.language) : l10n.t('No budget is used up');
  vscode.window.setStatusBarMessage(text, 5_000);
}
