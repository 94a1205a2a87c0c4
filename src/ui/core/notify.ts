import type * as vscode from 'vscode';

type Show = (
  message: string,
  options: vscode.MessageOptions,
  ...labels: string[]
) => Thenable<string | undefined>;

/**
 * Shows a notification, and runs the function of the button that the user presses.
 * @param show one of `vscode.window`
 * @param buttons their functions, by label
 */
export async function notify(
  show: Show,
  message: string,
  buttons: Readonly<Record<string, () => unknown>>,
  options: vscode.MessageOptions = {},
): Promise<void> {
  const label = await show(message, options, ...Object.keys(buttons));
  if (label !== undefined) await buttons[label]?.();
}
