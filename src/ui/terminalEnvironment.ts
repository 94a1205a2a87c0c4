import path from 'node:path';
import type * as vscode from 'vscode';
import { variableChanges } from './gatewayVariables.ts';

/** Again after the shell's own start files, which may export a key of their own. */
const everyStart: vscode.EnvironmentVariableMutatorOptions = {
  applyAtProcessCreation: true,
  applyAtShellIntegration: true,
};

/**
 * The variables of new terminals and tasks, and what comes first on their path. They are written only when they differ:
 * each write asks for a relaunch.
 */
export class TerminalEnvironment implements vscode.Disposable {
  private readonly collection: vscode.EnvironmentVariableCollection;
  private readonly written = new Map<string, string>();
  private folder: string | undefined;

  constructor(collection: vscode.EnvironmentVariableCollection, description: vscode.MarkdownString) {
    this.collection = collection;
    // before anything is written: a gateway that is gone must not be found in a later session
    collection.persistent = false;
    collection.description = description;
  }

  /** @param folder of commands; undefined: none. */
  set(wanted: Readonly<Record<string, string>>, folder?: string): void {
    this.setFolder(folder);
    const { replace, remove } = variableChanges(this.written, wanted);
    for (const [name, value] of replace) {
      this.collection.replace(name, value, everyStart);
      this.written.set(name, value);
    }
    for (const name of remove) {
      this.collection.delete(name);
      this.written.delete(name);
    }
  }

  private setFolder(folder: string | undefined): void {
    if (folder === this.folder) return;
    this.folder = folder;
    if (folder === undefined) this.collection.delete('PATH');
    else this.collection.prepend('PATH', folder + path.delimiter, everyStart);
  }

  dispose(): void {
    this.set({});
  }
}
