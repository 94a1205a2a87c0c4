import * as vscode from 'vscode';

/** One terminal whose programs go through the gateway, whatever the settings say of the others. */
export function openNewTerminal(variables: Readonly<Record<string, string>>): void {
  const terminal = vscode.window.createTerminal({
    name: 'Headroom',
    iconPath: new vscode.ThemeIcon('hubot'),
    env: { ...variables },
    // one that the editor restores later would show a gateway that is gone
    isTransient: true,
  });
  terminal.show();
}
