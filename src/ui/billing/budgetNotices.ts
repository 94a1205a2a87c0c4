import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { budgetModels } from '../../view/account/budgets.ts';
import { type BudgetNotice, newBudgetNotices } from '../../view/billing/budgetNoticesModel.ts';
import { commands, contextKeys } from '../../view/contributions.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { notify } from '../core/notify.ts';
import { setContext } from '../core/setContext.ts';

/** Shows a notice when a budget refuses requests, and enables the commands that let them go on. */
export function startBudgetNotices(handle: CoreHandle): vscode.Disposable {
  return handle.follow(async (input, { ledger, gatewayUse, folderUse }) => {
    const counted = () => {
      for (const use of [gatewayUse, folderUse]) use.look();
      return handle.viewInput() ?? input;
    };
    const states = budgetModels(input).map(({ state }) => state);
    const used = (['paused', 'continues'] as const).find(each => states.includes(each));
    setContext(contextKeys.budget, used);
    await Promise.all(newBudgetNotices(input, ledger, counted).map(show));
  });
}

async function show({ message, scope }: BudgetNotice): Promise<void> {
  const run = (command: string) => () => vscode.commands.executeCommand(command, scope);
  await notify(vscode.window.showWarningMessage, message, {
    [l10n.t('Continue once')]: run(commands.continueOnce),
    [l10n.t('Until tomorrow')]: run(commands.continueToday),
    [l10n.t('Raise…')]: run(commands.setBudget),
    [l10n.t('Switch…')]: () => vscode.commands.executeCommand(commands.switchBilling),
  });
}
