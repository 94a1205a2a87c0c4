import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Log } from '../../account/log.ts';
import { commands, settings } from '../../view/contributions.ts';
import { type BlockedNotice, newBlockedNotices } from '../../view/refusals/blockedNoticesModel.ts';
import type { ViewInput } from '../../view/viewInput.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
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
  const details = l10n.t('Details');
  const never = l10n.t('Don’t show again');
  const buttons = [...(action ? [action.label] : []), details, never];
  const choice = await vscode.window.showWarningMessage(message, ...buttons);
  if (choice === details) await openRefusal(core, refusals);
  else if (choice === never) {
    await vscode.workspace
      .getConfiguration()
      .update(settings.noticesBlocked, false, vscode.ConfigurationTarget.Global);
  } else if (action && choice === action.label) {
    if ('url' in action) await vscode.commands.executeCommand(commands.openPage, action.url);
    else await vscode.commands.executeCommand(action.command);
  }
}
