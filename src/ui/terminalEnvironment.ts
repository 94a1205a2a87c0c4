import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { variableChanges } from './gatewayVariables.ts';

/** The variables of new terminals and tasks. They are written only when they differ: each write asks for a relaunch. */
export class TerminalEnvironment implements vscode.Disposable {
  private readonly collection: vscode.EnvironmentVariableCollection;
  private readonly written = new Map<string, string>();

  constructor(collection: vscode.EnvironmentVariableCollection) {
    this.collection = collection;
    // before anything is written: a gateway that is gone must not be found in a later session
    collection.persistent = false;
    collection.description = new vscode.MarkdownString(
      l10n.t(
        'Headroom sends programs through its gateway on this machine, which bills them as you chose. [Settings](command:workbench.action.openSettings?%5B%22headroom.environment%22%5D)',
      ),
    );
  }

  set(wanted: Readonly<Record<string, string>>): void {
    const { replace, remove } = variableChanges(this.written, wanted);
    for (const [name, value] of replace) {
      this.collection.replace(name, value);
      this.written.set(name, value);
    }
    for (const name of remove) {
      this.collection.delete(name);
      this.written.delete(name);
    }
  }

  dispose(): void {
    this.set({});
  }
}
