import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { settings } from '../../view/contributions.ts';
import { type BlockedNotice, newBlockedNotices } from '../../view/refusals/blockedNoticesModel.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { notify } from '../core/notify.ts';
import { runAction } from '../core/runAction.ts';
import { setUserSetting } from '../core/settings.ts';
import { openRefusal } from './refusalCommands.ts';

/** Shows a notice when a limit holds up work: once an episode, in one of all windows. */
export function startBlockedNotices(handle: CoreHandle): vscode.Disposable {
  return handle.follow(async (input, { ledger }) => {
    if (!vscode.workspace.getConfiguration().get<boolean>(settings.noticesBlocked, true)) return;
    await Promise.all(newBlockedNotices(input, ledger).map(notice => show(handle, notice)));
  });
}

async function show(core: CoreHandle, { message, action, refusals }: BlockedNotice): Promise<void> {
  await notify(vscode.window.showWarningMessage, message, {
    ...(action && { [action.label]: () => runAction(action) }),
    [l10n.t('Details')]: () => openRefusal(core, refusals),
    [l10n.t('Don’t show again')]: () => setUserSetting(settings.noticesBlocked, false),
  });
}
