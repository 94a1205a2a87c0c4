import path from 'node:path';
import * as vscode from 'vscode';
import { proxyExceptions } from '../../gateway/proxyExceptions.ts';
import { afterStartFiles } from './afterStartFiles.ts';
import type { VariableChanges } from './terminalEnvironment.ts';

/**
 * Opens a terminal whose programs use the gateway, independent of the settings and of variables that the
 * shell's start files export.
 * @param folder of the command `headroom`; undefined: none
 */
export function openNewTerminal(
  changes: VariableChanges,
  folder: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): vscode.Terminal {
  const terminal = vscode.window.createTerminal({
    name: 'Headroom',
    iconPath: new vscode.ThemeIcon('hubot'),
    env: {
      ...changes.replace,
      ...proxyExceptions(environment),
      ...afterStartFiles(changes),
      ...(folder !== undefined && {
        PATH: [folder, environment.PATH].filter(Boolean).join(path.delimiter),
      }),
    },
    // VS Code would restore it with the address of a gateway that is gone
    isTransient: true,
  });
  terminal.show();
  return terminal;
}
