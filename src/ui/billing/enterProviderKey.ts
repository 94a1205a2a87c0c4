import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { findProvider, providerName } from '../../billing/providers.ts';
import { invalidKeyText, keyCheckText } from '../../view/billing/keyCheckText.ts';
import { askSecret } from '../core/askSecret.ts';
import type { Core } from '../core/startCore.ts';

/** Asks for a key and stores it if the provider accepts it, or unchecked at a second Enter. True: stored. */
export async function enterProviderKey(core: Core, provider: string): Promise<boolean> {
  const name = providerName(provider);
  const keyPage = findProvider(provider)?.keyPage;
  let unchecked: string | undefined;
  const stored = await askSecret<true>({
    title: l10n.t('The Key of {0}', name),
    prompt: l10n.t('Paste the key. It stays in this editor’s secret storage and is sent to {0} only.', name),
    page: keyPage === undefined ? undefined : { url: keyPage, tooltip: l10n.t('Make a key: {0}', keyPage) },
    async accept(key, signal) {
      try {
        if (key !== unchecked) {
          const check = await core.checkKey(provider, key, signal);
          const { message, good } = keyCheckText(check, name);
          if (!good && check.kind !== 'unchecked') return { message };
          if (!good) {
            unchecked = key;
            return { message: `${message} ${l10n.t('Press Enter again to store it unchecked.')}` };
          }
          if (check.kind === 'unchecked') void vscode.window.showInformationMessage(message);
        }
        signal.throwIfAborted();
        await core.keyring.set(provider, key);
        return { value: true };
      } catch (error) {
        return { message: invalidKeyText(error) ?? (error instanceof Error ? error.message : String(error)) };
      }
    },
  });
  return stored === true;
}
