import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Log } from '../../account/log.ts';
import { commands, settings } from '../../view/contributions.ts';
import { type BlockedNotice, newBlockedNotices } from '../../view/refusals/blockedNoticesModel.ts';
import type { ViewInput } from '../../view/viewInput.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { notify } from '../core/notify.ts';
import { setUserSetting } from '../core/settings.ts';
import { openRefusal } from './refusalCommands.ts';

/** Shows a notice when a limit holds up work: once an episode, in one of all windows. */
export function startBlockedNotices(core: CoreHandle, log: Log): vscode.Disposable {
  const follow = async (input: ViewInput) => {
    if (!vscode.workspace.getConfiguration().get<boolean>(settings.noticesBlocked, true)) return;
    const { ledger } = await core.get();
    for (const notice of newBlockedNotices(input, ledger)) {
      show(core, notice).catch((error: unknown) =>
        log.warn(`A notice about a refusal failed: ${String(error)}`),
      );
    }
  };
  const attempt = (shown: ViewInput) =>
    void follow(shown).catch((error: unknown) =>
      log.warn(`A notice about a refusal failed: ${String(error)}`),
    );
  if (core.shown) attempt(core.shown);
  return core.onDidChange(attempt);
}

async function show(core: CoreHandle, { message, action, refusals }: BlockedNotice): Promise<void> {
  const remedy = () => {
    if (!action) return undefined;
    return 'url' in action
      ? vscode.commands.executeCommand(commands.openPage, action.url)
      : vscode.commands.executeCommand(action.command);
  };
  await notify(vscode.window.showWarningMessage, message, {
    ...(action && { [action.label]: remedy }),
    [l10n.t('Details')]: () => openRefusal(core, refusals),
    [l10n.t('Don’t show again')]: () => setUserSetting(settings.noticesBlocked, false),
  });
}
