import * as vscode from 'vscode';
import { commands, focusLimits } from '../../view/contributions.ts';
import type { DashboardAction } from '../../view/dashboard/dashboardState.ts';
import { pages } from '../../view/text/pages.ts';

/** A command of VS Code's, with its argument. */
const commandOf: Readonly<Record<DashboardAction, readonly [command: string, argument?: string]>> = {
  'switch-billing': [commands.switchBilling],
  'open-billing': [commands.openBilling],
  'set-budget': [commands.setBudget],
  'sign-in': [commands.signIn],
  refresh: [commands.refresh],
  'show-limits': [focusLimits],
  'open-refusals': [commands.openRefusal],
  'make-token': [commands.makeToken],
  'open-token-page': [commands.openPage, pages.tokens],
  'open-status-page': [commands.openPage, pages.status],
  'show-log': [commands.showLog],
};

/** Runs what a button of the page names: never a command that the page could choose itself. */
export async function runDashboardAction(action: DashboardAction): Promise<void> {
  await vscode.commands.executeCommand(...commandOf[action]);
}
