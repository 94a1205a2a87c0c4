import path from 'node:path';
import type * as vscode from 'vscode';

/** Again after the shell's start files, which may export a key of their own. */
const everyStart: vscode.EnvironmentVariableMutatorOptions = {
  applyAtProcessCreation: true,
  applyAtShellIntegration: true,
};

/**
 * Variables of all new terminals and tasks. Written only when they differ: VS Code asks the user to relaunch
 * open terminals after each write.
 */
export class TerminalEnvironment implements vscode.Disposable {
  readonly #collection: vscode.EnvironmentVariableCollection;
  readonly #replaced = new Map<string, string>();
  readonly #appended = new Map<string, string>();
  #folder: string | undefined;

  constructor(collection: vscode.EnvironmentVariableCollection, description: vscode.MarkdownString) {
    this.#collection = collection;
    // a later session must not find the address of a gateway that is gone
    collection.persistent = false;
    collection.description = description;
  }

  /**
   * @param folder first on `PATH`, with the command `headroom`; undefined: none
   * @param appended to the values of these variables, none of which is in `replaced`
   */
  set(
    replaced: Readonly<Record<string, string>>,
    folder?: string,
    appended: Readonly<Record<string, string>> = {},
  ): void {
    const collection = this.#collection;
    this.#setFolder(folder);
    this.#change(this.#replaced, replaced, (name, value) => collection.replace(name, value, everyStart));
    this.#change(this.#appended, appended, (name, value) => collection.append(name, value, everyStart));
  }

  dispose(): void {
    this.set({});
  }

  #change(
    current: Map<string, string>,
    wanted: Readonly<Record<string, string>>,
    write: (name: string, value: string) => void,
  ): void {
    for (const [name, value] of Object.entries(wanted)) {
      if (current.get(name) === value) continue;
      write(name, value);
      current.set(name, value);
    }
    for (const name of current.keys()) {
      if (Object.hasOwn(wanted, name)) continue;
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
}
