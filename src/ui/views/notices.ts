import * as vscode from 'vscode';
import type { Snapshot } from '../../account/snapshot.ts';
import { type Notice, newNotices } from '../../view/signIn/noticesModel.ts';
import type { CoreHandle } from '../core/coreHandle.ts';

/** Notifies about a rejected token and a broken ledger, once for each episode. */
export function registerNotices(core: CoreHandle): vscode.Disposable {
  const here = new Set<string>();
  const report = async (snapshot: Snapshot) => {
    const { ledger } = await core.get();
    for (const notice of newNotices(snapshot, { here, everywhere: ledger }, Date.now())) void show(notice);
  };
  // the core logs a failed start itself
  return core.onDidChange(({ snapshot }) => void report(snapshot).catch(() => undefined));
}

async function show({ message, action }: Notice): Promise<void> {
  const choice = await vscode.window.showWarningMessage(message, action.label);
  if (choice === action.label) await vscode.commands.executeCommand(action.command);
}
