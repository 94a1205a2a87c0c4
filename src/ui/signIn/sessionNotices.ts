import * as vscode from 'vscode';
import { newNotices } from '../../view/signIn/noticesModel.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { notify } from '../core/notify.ts';

/** Notifies about a rejected token and a broken ledger, once for each episode. */
export function startSessionNotices(handle: CoreHandle): vscode.Disposable {
  const here = new Set<string>();
  return handle.follow(async ({ snapshot }, { ledger }) => {
    const notices = newNotices(snapshot, { here, everywhere: ledger }, Date.now()).map(
      ({ message, action: { label, command } }) =>
        notify(vscode.window.showWarningMessage, message, {
          [label]: () => vscode.commands.executeCommand(command),
        }),
    );
    await Promise.all(notices);
  });
}
