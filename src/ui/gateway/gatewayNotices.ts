import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { commands } from '../../view/contributions.ts';
import { notify } from '../core/notify.ts';

/** The gateway crashed too often. */
export async function showGivenUp(why: string, restart: () => void): Promise<void> {
  const message = l10n.t('Headroom’s gateway crashed several times and stays stopped: {0}', why);
  await notify(vscode.window.showErrorMessage, message, { [l10n.t('Restart')]: restart });
}

/** The gateway is stopped because the payer can't be read: a refused program is better than a wrong bill. */
export async function showSuspended(why: string): Promise<void> {
  const message = l10n.t(
    'Headroom’s gateway is stopped and refuses programs, because it can’t read who pays: {0}',
    why,
  );
  await notify(vscode.window.showErrorMessage, message, { [l10n.t('Show log')]: showLog });
}

export async function showUnusable(problem: string): Promise<void> {
  await notify(vscode.window.showWarningMessage, problem, { [l10n.t('Show log')]: showLog });
}

function showLog(): Thenable<unknown> {
  return vscode.commands.executeCommand(commands.showLog);
}
