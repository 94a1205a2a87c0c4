import * as vscode from 'vscode';

/** An item of a quick pick. */
export interface PickItem<T> extends Pick<vscode.QuickPickItem, 'label' | 'description' | 'detail'> {
  /** Codicon. */
  readonly icon?: string;
  readonly value: T;
}

/** Resolves with the picked item's value; undefined: the user closed the quick pick. */
export async function pick<T>(
  items: readonly PickItem<T>[],
  options: vscode.QuickPickOptions,
): Promise<T | undefined> {
  const withIcons = items.map(({ icon, ...item }) => ({
    ...item,
    iconPath: icon === undefined ? undefined : new vscode.ThemeIcon(icon),
  }));
  return (await vscode.window.showQuickPick(withIcons, options))?.value;
}
