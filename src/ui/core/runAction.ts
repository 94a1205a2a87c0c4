import * as vscode from 'vscode';
import type { Action } from '../../view/action.ts';
import { commands } from '../../view/contributions.ts';

export function runAction(action: Action): Thenable<unknown> {
  if ('url' in action) return vscode.commands.executeCommand(commands.openPage, action.url);
  return vscode.commands.executeCommand(action.command, ...(action.argument ? [action.argument] : []));
}
