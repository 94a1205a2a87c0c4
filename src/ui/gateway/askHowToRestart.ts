import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';

/** Undefined: not at all. */
export async function askHowToRestart(): Promise<'restart' | 'new-key' | undefined> {
  const items: (vscode.QuickPickItem & { how: 'restart' | 'new-key' })[] = [
    {
      label: l10n.t('Restart'),
      detail: l10n.t('What is in flight is cut off. Programs find the gateway where it was.'),
      iconPath: new vscode.ThemeIcon('debug-restart'),
      how: 'restart',
    },
    {
      label: l10n.t('Renew the key and restart'),
      detail: l10n.t(
        'For when somebody else has seen the key. Open terminals and notebooks, also of other windows, are refused until they are opened anew.',
      ),
      iconPath: new vscode.ThemeIcon('key'),
      how: 'new-key',
    },
  ];
  return (await vscode.window.showQuickPick(items, { title: l10n.t('Restart Gateway') }))?.how;
}
