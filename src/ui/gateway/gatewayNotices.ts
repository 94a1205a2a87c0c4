import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { commands } from '../../view/contributions.ts';

/** It crashed too often. True: start it again. */
export async function tellGivenUp(why: string): Promise<boolean> {
  const restart = l10n.t('Restart');
  const message = l10n.t('Headroom’s gateway stopped several times and is not started again: {0}', why);
  return (await vscode.window.showErrorMessage(message, restart)) === restart;
}

/** Nobody can say who pays, so nobody is billed. */
export async function tellHeld(why: string): Promise<void> {
  const message = l10n.t(
    'Headroom’s gateway is stopped and programs are refused, because who pays can’t be read: {0}',
    why,
  );
  await showWithLog(vscode.window.showErrorMessage, message);
}

export async function tellUnusable(problem: string): Promise<void> {
  await showWithLog(vscode.window.showWarningMessage, problem);
}

async function showWithLog(
  show: (message: string, ...items: string[]) => Thenable<string | undefined>,
  message: string,
): Promise<void> {
  const showLog = l10n.t('Show log');
  if ((await show(message, showLog)) === showLog) await vscode.commands.executeCommand(commands.showLog);
}
