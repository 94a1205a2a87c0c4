import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { findProvider, providerName } from '../../billing/providers.ts';
import { invalidKeyText, keyCheckText } from '../../view/billing/keyCheckText.ts';
import type { Core } from '../core/core.ts';

/**
 * Asks for a key in a password box that stays open until the provider accepts it. A key that can't be checked is stored
 * at a second Enter. True: stored.
 */
export function enterProviderKey(core: Core, provider: string): Promise<boolean> {
  const name = providerName(provider);
  const keyPage = findProvider(provider)?.keyPage;
  return new Promise(resolve => {
    const box = vscode.window.createInputBox();
    const abort = new AbortController();
    let unchecked: string | undefined;
    box.title = l10n.t('The Key of {0}', name);
    box.prompt = l10n.t(
      'Paste the key. It stays in this editor’s secret storage and is sent to {0} only.',
      name,
    );
    box.password = true;
    box.ignoreFocusOut = true;
    if (keyPage !== undefined) {
      box.buttons = [
        { iconPath: new vscode.ThemeIcon('link-external'), tooltip: l10n.t('Make a key: {0}', keyPage) },
      ];
      box.onDidTriggerButton(() => void vscode.env.openExternal(vscode.Uri.parse(keyPage, true)));
    }
    box.onDidChangeValue(() => {
      box.validationMessage = undefined;
    });
    const accept = async () => {
      // pasted keys often bring a newline along
      const key = box.value.replace(/\s+/g, '');
      if (!key || box.busy) return;
      box.busy = true;
      box.enabled = false;
      try {
        if (key !== unchecked) {
          const check = await core.checkKey(provider, key, abort.signal);
          const { message, good } = keyCheckText(check, name);
          if (!good) {
            if (check.kind === 'unchecked') unchecked = key;
            box.validationMessage =
              check.kind === 'unchecked'
                ? `${message} ${l10n.t('Press Enter again to store it unchecked.')}`
                : message;
            return;
          }
          if (check.kind === 'unchecked') void vscode.window.showInformationMessage(message);
        }
        if (abort.signal.aborted) return;
        await core.keyring.set(provider, key);
        resolve(true);
        box.hide();
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        box.validationMessage = invalidKeyText(error) ?? message;
      } finally {
        box.enabled = true;
        box.busy = false;
      }
    };
    box.onDidAccept(() => void accept());
    box.onDidHide(() => {
      abort.abort();
      box.dispose();
      resolve(false);
    });
    box.show();
  });
}
