import * as vscode from 'vscode';

const known = new Map<string, unknown>();

/** Sets a key for `when` clauses, if it has another value. */
export function setContext(key: string, value: unknown): void {
  if (known.get(key) === value) return;
  known.set(key, value);
  void vscode.commands.executeCommand('setContext', key, value);
}
