import * as vscode from 'vscode';

/** After a picker VS Code focuses the status bar item that opened it, whose hover then covers notifications. */
export async function focusEditor(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
}
