import * as vscode from 'vscode';
import { newNotices } from '../../view/signIn/noticesModel.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { notify } from '../core/notify.ts';
import { runAction } from '../core/runAction.ts';

/** Notifies about a rejected token and a broken ledger, once for each episode. */
export function startSessionNotices(handle: CoreHandle): vscode.Disposable {
  const here = new Set<string>();
  return handle.follow(async ({ snapshot }, { ledger }) => {
    const notices = newNotices(snapshot, { here, everywhere: ledger }, Date.now());
    const shown = notices.map(({ message, action }) =>
      notify(vscode.window.showWarningMessage, message, { [action.label]: () => runAction(action) }),
    );
    await Promise.all(shown);
  });
}
