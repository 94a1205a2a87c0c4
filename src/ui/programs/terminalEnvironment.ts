import type * as vscode from 'vscode';

/** Changes of environment variables, by name. No variable is in two kinds. */
export type VariableChanges = Readonly<
  Record<'replace' | 'prepend' | 'append', Readonly<Record<string, string>>>
>;

/** Again after the shell's start files, which may export a key of their own. */
const everyStart: vscode.EnvironmentVariableMutatorOptions = {
  applyAtProcessCreation: true,
  applyAtShellIntegration: true,
};

/**
 * Sets the variables of all new terminals and tasks. Writes differences only: VS Code asks the user to relaunch
 * open terminals after each write.
 */
export function setTerminalVariables(
  collection: vscode.EnvironmentVariableCollection,
  changes: VariableChanges,
): void {
  const names = new Set(Object.values(changes).flatMap(Object.keys));
  for (const [name] of [...collection]) if (!names.has(name)) collection.delete(name);
  for (const kind of ['replace', 'prepend', 'append'] as const) {
    for (const [name, value] of Object.entries(changes[kind])) {
      if (collection.get(name)?.value !== value) collection[kind](name, value, everyStart);
    }
  }
}
