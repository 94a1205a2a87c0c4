import * as vscode from 'vscode';
import type { Snapshot } from '../../account/snapshot.ts';
import { type Notice, untoldNotices } from '../../view/signIn/noticesModel.ts';
import type { CoreHandle } from '../core/coreHandle.ts';

/** Tells what a person must hear of without having asked, once for each episode. */
export function registerNotices(core: CoreHandle): vscode.Disposable {
  const here = new Set<string>();
  const tell = async (snapshot: Snapshot) => {
    const { ledger } = await core.get();
    for (const notice of untoldNotices(snapshot, { here, everywhere: ledger }, Date.now())) void show(notice);
  };
  // a core that did not start has said so itself
  return core.onDidChange(({ snapshot }) => void tell(snapshot).catch(() => undefined));
}

async function show({ message, action }: Notice): Promise<void> {
  const choice = await vscode.window.showWarningMessage(message, action.label);
  if (choice === action.label) await vscode.commands.executeCommand(action.command);
}
