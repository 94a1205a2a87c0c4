import path from 'node:path';
import type * as vscode from 'vscode';
import { variableChanges } from './gatewayVariables.ts';

/** Again after the shell's own start files, which may export a key of their own. */
const everyStart: vscode.EnvironmentVariableMutatorOptions = {
  applyAtProcessCreation: true,
  applyAtShellIntegration: true,
};

/**
 * The variables of new terminals and tasks, what comes first on their path, and what they put behind lists that may be
 * there. They are written only when they differ: each write asks for a relaunch.
 */
export class TerminalEnvironment implements vscode.Disposable {
  readonly #collection: vscode.EnvironmentVariableCollection;
  readonly #written = new Map<string, string>();
  readonly #appended = new Map<string, string>();
  #folder: string | undefined;

  constructor(collection: vscode.EnvironmentVariableCollection, description: vscode.MarkdownString) {
    this.#collection = collection;
    // before anything is written: a gateway that is gone must not be found in a later session
    collection.persistent = false;
    collection.description = description;
  }

  /**
   * @param folder of commands; undefined: none.
   * @param behind by the variable's name; none of these is among the wanted.
   */
  set(
    wanted: Readonly<Record<string, string>>,
    folder?: string,
    behind: Readonly<Record<string, string>> = {},
  ): void {
    this.#setFolder(folder);
    this.#change(this.#written, wanted, (name, value) => this.#collection.replace(name, value, everyStart));
    this.#change(this.#appended, behind, (name, value) => this.#collection.append(name, value, everyStart));
  }

  #change(
    current: Map<string, string>,
    wanted: Readonly<Record<string, string>>,
    write: (name: string, value: string) => void,
  ): void {
    const { replace, remove } = variableChanges(current, wanted);
    for (const [name, value] of replace) {
      write(name, value);
      current.set(name, value);
    }
    for (const name of remove) {
      this.#collection.delete(name);
      current.delete(name);
    }
  }

  #setFolder(folder: string | undefined): void {
    if (folder === this.#folder) return;
    this.#folder = folder;
    if (folder === undefined) this.#collection.delete('PATH');
    else this.#collection.prepend('PATH', folder + path.delimiter, everyStart);
  }

  dispose(): void {
    this.set({});
  }
}
