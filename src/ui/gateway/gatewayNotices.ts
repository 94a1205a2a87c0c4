import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { commands } from '../../view/contributions.ts';

/** The gateway crashed too often. True: start it again. */
export async function showGivenUp(why: string): Promise<boolean> {
  const restart = l10n.t('Restart');
  const message = l10n.t('Headroom’s gateway crashed several times and stays stopped: {0}', why);
  return (await vscode.window.showErrorMessage(message, restart)) === restart;
}

/** The gateway is stopped because the payer can't be read: a refused program is better than a wrong bill. */
export async function showSuspended(why: string): Promise<void> {
  const message = l10n.t(
    'Headroom’s gateway is stopped and refuses programs, because it can’t read who pays: {0}',
    why,
  );
  await showWithLog(vscode.window.showErrorMessage, message);
}

export async function showUnusable(problem: string): Promise<void> {
  await showWithLog(vscode.window.showWarningMessage, problem);
}

async function showWithLog(
  show: (message: string, ...items: string[]) => Thenable<string | undefined>,
  message: string,
): Promise<void> {
  const showLog = l10n.t('Show log');
  if ((await show(message, showLog)) === showLog) await vscode.commands.executeCommand(commands.showLog);
}
