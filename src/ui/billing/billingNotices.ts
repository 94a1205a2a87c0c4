import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Payer } from '../../billing/profile.ts';
import { failoverNotice, returnedText, standInNotice } from '../../view/billing/billingNoticesModel.ts';
import { commands, openSettings, settings } from '../../view/contributions.ts';
import type { ViewInput } from '../../view/viewInput.ts';
import type { CoreHandle } from '../core/core.ts';
import { gatewaySettings } from '../core/settings.ts';
import { askForSuggested } from './suggestedBilling.ts';

/** Tells when somebody stands in, when settings can't be followed, and what a folder suggests. */
export function startBillingNotices(handle: CoreHandle, log: vscode.LogOutputChannel): vscode.Disposable {
  let before: Payer | undefined;
  const followPayer = async (input: ViewInput) => {
    const { snapshot, payer } = input;
    const returned = before?.standIn !== undefined && payer.standIn === undefined;
    before = payer;
    if (returned) {
      const text = returnedText(payer, snapshot.account.value);
      log.info(text);
      vscode.window.setStatusBarMessage(text, 10_000);
    }
    if (!payer.standIn) return;
    const { ledger, payers } = await handle.get();
    const message = standInNotice(input, ledger, payers.workspace);
    if (message !== undefined) void tellStandIn(message);
  };
  const followSettings = async () => {
    const core = await handle.get();
    const message = failoverNotice(gatewaySettings().failover, core.ledger);
    if (message !== undefined) void tellInvalidFailover(message);
    await askForSuggested(core);
  };
  const quietly = (work: Promise<void>) => {
    work.catch((error: unknown) => log.warn(`A notice could not be shown: ${String(error)}`));
  };
  if (handle.shown) quietly(followPayer(handle.shown));
  quietly(followSettings());
  return vscode.Disposable.from(
    handle.onDidChange(shown => quietly(followPayer(shown))),
    vscode.workspace.onDidGrantWorkspaceTrust(() => quietly(followSettings())),
    vscode.workspace.onDidChangeWorkspaceFolders(() => quietly(followSettings())),
    vscode.workspace.onDidChangeConfiguration(change => {
      if (change.affectsConfiguration('headroom.billing')) quietly(followSettings());
    }),
  );
}

async function tellStandIn(message: string): Promise<void> {
  const change = l10n.t('Switch…');
  const stop = l10n.t('Stop failover');
  const choice = await vscode.window.showWarningMessage(message, change, stop);
  if (choice === change) await vscode.commands.executeCommand(commands.switchBilling);
  if (choice !== stop) return;
  await vscode.workspace
    .getConfiguration()
    .update(settings.failover, undefined, vscode.ConfigurationTarget.Global);
}

async function tellInvalidFailover(message: string): Promise<void> {
  const open = l10n.t('Open settings');
  const choice = await vscode.window.showWarningMessage(message, open);
  if (choice === open) await vscode.commands.executeCommand(openSettings, settings.failover);
}
