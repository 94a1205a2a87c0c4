import path from 'node:path';
import * as vscode from 'vscode';
import { proxyExceptions } from '../../gateway/proxyExceptions.ts';
import { afterStartFiles } from './afterStartFiles.ts';
import { pathWith } from './commandFolder.ts';
import { suffixes } from './gatewayVariables.ts';

/**
 * One terminal whose programs go through the gateway, whatever the settings say of the others, and whatever the shell's
 * own start files export.
 * @param folder of commands; undefined: none.
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
    // one that the editor restores later would show a gateway that is gone
    isTransient: true,
  });
  terminal.show();
}
