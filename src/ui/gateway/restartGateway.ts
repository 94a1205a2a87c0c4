import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { WindowGateway } from './windowGateway.ts';

/** Asks whether to keep the key, and restarts the gateway. */
export async function restartGateway(gateway: WindowGateway): Promise<void> {
  const restart = {
    label: l10n.t('Restart'),
    detail: l10n.t('Cuts off requests in flight. Programs find the gateway where it was.'),
    iconPath: new vscode.ThemeIcon('debug-restart'),
  };
  const renewKey = {
    label: l10n.t('Renew the key and restart'),
    detail: l10n.t(
      'If someone else has seen the key. Terminals and notebooks that are open, also in other windows, are refused until you reopen them.',
    ),
    iconPath: new vscode.ThemeIcon('key'),
  };
  const choice = await vscode.window.showQuickPick([restart, renewKey], { title: l10n.t('Restart Gateway') });
  if (choice === renewKey) await gateway.renewKey();
  else if (choice) await gateway.restart();
}
