import path from 'node:path';
import * as vscode from 'vscode';
import { proxyExceptions } from '../../gateway/proxyExceptions.ts';
import { afterStartFiles } from './afterStartFiles.ts';
import { suffixes } from './gatewayVariables.ts';
import { pathWith } from './headroomCommand.ts';

/**
 * Opens a terminal whose programs use the gateway, independent of the settings and of variables that the
 * shell's start files export.
 * @param folder of the command `headroom`; undefined: none
 */
export function openNewTerminal(
  variables: Readonly<Record<string, string>>,
  folder: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const exceptions = proxyExceptions(environment);
  const again = afterStartFiles({
    replace: variables,
    prepend: folder === undefined ? {} : { PATH: folder + path.delimiter },
    append: suffixes(exceptions, environment),
  });
  const terminal = vscode.window.createTerminal({
    name: 'Headroom',
    iconPath: new vscode.ThemeIcon('hubot'),
    env: {
      ...variables,
      ...exceptions,
      ...again,
      ...(folder !== undefined && { PATH: pathWith(folder, environment.PATH) }),
    },
    // VS Code would restore it with the address of a gateway that is gone
    isTransient: true,
  });
  terminal.show();
}
