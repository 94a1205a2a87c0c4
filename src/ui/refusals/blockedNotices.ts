import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { settings } from '../../view/contributions.ts';
import type { BlockedNotice } from '../../view/refusals/blockedNoticesModel.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { notify } from '../core/notify.ts';
import { runAction } from '../core/runAction.ts';
import { setUserSetting } from '../core/settings.ts';
import { openRefusal } from './refusalCommands.ts';

/** A limit holds up work. */
export async function showBlocked(
  core: CoreHandle,
  { message, action, refusals }: BlockedNotice,
): Promise<void> {
  await notify(vscode.window.showWarningMessage, message, {
    ...(action && { [action.label]: () => runAction(action) }),
    [l10n.t('Details')]: () => openRefusal(core, refusals),
    [l10n.t('Don’t show again')]: () => setUserSetting(settings.noticesBlocked, false),
  });
}
