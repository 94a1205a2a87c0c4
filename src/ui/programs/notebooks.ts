import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Log } from '../../account/log.ts';
import { anyFamily } from '../../gateway/programVariables.ts';
import { commands } from '../../view/contributions.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { notify } from '../core/notify.ts';
import { chosenFamilies, onDidChangeSettings } from '../core/settings.ts';
import { notebookCell } from './gatewayVariables.ts';

const jupyter = 'jupyter-notebook';
const shown = 'notice/notebooks-inherit-neither';

/** Says once on this machine, when a notebook is open and terminals use the gateway, that notebooks don't. */
export function registerNotebookNotice(core: Pick<CoreHandle, 'get'>, log: Log): vscode.Disposable {
  const look = async () => {
    if (!anyFamily(chosenFamilies())) return;
    if (!vscode.workspace.notebookDocuments.some(({ notebookType }) => notebookType === jupyter)) return;
    const { ledger } = await core.get();
    if (ledger.getPreference(shown)) return;
    ledger.setPreference(shown, new Date().toISOString());
    await showNotice();
  };
  const tryLook = () => {
    look().catch((error: unknown) => log.warn(`The notice about notebooks failed: ${String(error)}`));
  };
  tryLook();
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenNotebookDocument(tryLook),
    onDidChangeSettings(tryLook),
  );
}

async function showNotice(): Promise<void> {
  const message = l10n.t(
    'Notebooks don’t use Headroom yet: their kernels inherit neither the variables of terminals nor those of debug sessions. A cell of two lines sets them.',
  );
  await notify(vscode.window.showInformationMessage, message, {
    [l10n.t('Copy the cell')]: () => vscode.commands.executeCommand(commands.copyNotebookCell),
  });
}

export async function copyNotebookCell(variables: Readonly<Record<string, string>>): Promise<void> {
  await vscode.env.clipboard.writeText(notebookCell(variables));
  void vscode.window.showInformationMessage(
    l10n.t(
      'Copied. Paste it into the first cell of your notebook. It holds the key of the gateway on this machine: do not commit it.',
    ),
  );
}
