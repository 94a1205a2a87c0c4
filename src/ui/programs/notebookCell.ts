import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { notebookCell } from './gatewayVariables.ts';

/** Copies what a notebook needs, for its kernel inherits neither the terminal's variables nor the debugger's. */
export async function copyNotebookCell(variables: Readonly<Record<string, string>>): Promise<void> {
  await vscode.env.clipboard.writeText(notebookCell(variables));
  void vscode.window.showInformationMessage(
    l10n.t(
      'Copied. Paste it into the first cell: kernels inherit neither the variables of terminals nor those of debug sessions. It holds the key of the gateway on this machine, so do not commit it.',
    ),
  );
}
