import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Payer } from '../../billing/profile.ts';
import { failoverNotice, returnedText } from '../../view/billing/billingNoticesModel.ts';
import { commands, openSettings, settings } from '../../view/contributions.ts';
import type { ViewInput } from '../../view/viewInput.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { notify } from '../core/notify.ts';
import { gatewaySettings, setUserSetting } from '../core/settings.ts';
import { askForSuggested } from './suggestedBilling.ts';

/** Shows notices about unusable failover settings and a folder's suggestion, and that a stand-in pays no more. */
export function startBillingNotices(handle: CoreHandle, log: vscode.LogOutputChannel): vscode.Disposable {
  let before: Payer | undefined;
  const followPayer = async ({ snapshot, payer }: ViewInput) => {
    const returned = before?.standIn !== undefined && payer.standIn === undefined;
    before = payer;
    if (returned) {
      const text = returnedText(payer, snapshot.account.value);
      log.info(text);
      vscode.window.setStatusBarMessage(text, 10_000);
    }
  };
  const followSettings = async () => {
    const core = await handle.get();
    const message = failoverNotice(gatewaySettings().failover, core.ledger);
    if (message !== undefined) void showInvalidFailover(message);
    await askForSuggested(core);
  };
  const tryFollowSettings = () => {
    followSettings().catch((error: unknown) => log.warn(`A notice failed: ${String(error)}`));
  };
  tryFollowSettings();
  return vscode.Disposable.from(
    handle.follow(followPayer),
    vscode.workspace.onDidGrantWorkspaceTrust(tryFollowSettings),
    vscode.workspace.onDidChangeWorkspaceFolders(tryFollowSettings),
    vscode.workspace.onDidChangeConfiguration(change => {
      if (change.affectsConfiguration('headroom.billing')) tryFollowSettings();
    }),
  );
}

/** A stand-in pays. */
export async function showStandIn(message: string): Promise<void> {
  await notify(vscode.window.showWarningMessage, message, {
    [l10n.t('Switch…')]: () => vscode.commands.executeCommand(commands.switchBilling),
    [l10n.t('Stop failover')]: () => setUserSetting(settings.failover, undefined),
  });
}

async function showInvalidFailover(message: string): Promise<void> {
  await notify(vscode.window.showWarningMessage, message, {
    [l10n.t('Open settings')]: () => vscode.commands.executeCommand(openSettings, settings.failover),
  });
}
