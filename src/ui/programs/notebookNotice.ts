import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Log } from '../../account/log.ts';
import { commands, settingsPrefix } from '../../view/contributions.ts';
import type { CoreHandle } from '../core/core.ts';
import { chosenFamilies } from '../core/settings.ts';
import { anyFamily } from './gatewayVariables.ts';

const jupyter = 'jupyter-notebook';
const told = 'notice/notebooks-inherit-neither';

/** Whoever lets terminals be billed may think that notebooks are, too: said once on this machine. */
export function registerNotebookNotice(core: Pick<CoreHandle, 'get'>, log: Log): vscode.Disposable {
  const look = async () => {
    if (!anyFamily(chosenFamilies())) return;
    if (!vscode.workspace.notebookDocuments.some(({ notebookType }) => notebookType === jupyter)) return;
    const { ledger } = await core.get();
    if (ledger.getPreference(told)) return;
    ledger.setPreference(told, new Date().toISOString());
    await tell();
  };
  const quietly = () => {
    look().catch((error: unknown) => log.warn(`Notebooks could not be told of: ${String(error)}`));
  };
  quietly();
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenNotebookDocument(quietly),
    vscode.workspace.onDidChangeConfiguration(change => {
      if (change.affectsConfiguration(settingsPrefix)) quietly();
    }),
  );
}

async function tell(): Promise<void> {
  const copy = l10n.t('Copy the cell');
  const choice = await vscode.window.showInformationMessage(
    l10n.t(
      'Notebooks are not billed through Headroom by themselves: their kernels inherit neither the variables of terminals nor those of debug sessions. A cell of two lines sets them.',
    ),
    copy,
  );
  if (choice === copy) await vscode.commands.executeCommand(commands.copyNotebookCell);
}
