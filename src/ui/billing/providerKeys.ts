import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { BillingProfile } from '../../billing/profile.ts';
import { findProvider, providerName, providers } from '../../billing/providers.ts';
import { messageOf } from '../../limits/messageOf.ts';
import { invalidKeyText, keyCheckText } from '../../view/billing/keyCheckText.ts';
import { joined } from '../../view/text/counts.ts';
import { askSecret } from '../core/askSecret.ts';
import { pick } from '../core/pick.ts';
import type { Core } from '../core/startCore.ts';

/** Profile of the provider's key; asks for the key if it is not stored. Undefined: there is none. */
export async function keyProfile(core: Core, provider: string): Promise<BillingProfile | undefined> {
  const has = (await core.keyring.get(provider)) || (await enterProviderKey(core, provider));
  return has ? { kind: 'provider-key', provider } : undefined;
}

/** Asks for a provider and its key, and stores the key. Undefined: there is none. */
export async function addProviderKey(core: Core): Promise<BillingProfile | undefined> {
  const provider = await pickProvider(core);
  if (provider === undefined || !(await enterProviderKey(core, provider))) return undefined;
  return { kind: 'provider-key', provider };
}

export async function pickProvider({ keyring }: Core): Promise<string | undefined> {
  const stored = await keyring.list();
  const known = providers.filter(({ takesKeys }) => takesKeys);
  const others = stored.filter(id => !findProvider(id)).map(id => ({ id, name: id, chatPath: undefined }));
  const rank = ({ id, chatPath }: { id: string; chatPath?: string }) =>
    stored.includes(id) ? 0 : chatPath === undefined ? 2 : 1;
  const items = [...known, ...others]
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
    .map(({ id, name, chatPath }) => ({
      label: id,
      description: joined([
        name !== id && name,
        stored.includes(id) && l10n.t('key is stored'),
        chatPath === undefined && l10n.t('no chat: images, speech or video only'),
      ]),
      icon: stored.includes(id) ? 'key' : 'plug',
      value: id,
    }));
  return await pick(items, {
    title: l10n.t('Use a Custom Provider Key'),
    placeHolder: l10n.t('Whose key is it?'),
    matchOnDescription: true,
  });
}

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
        return { message: invalidKeyText(error) ?? messageOf(error) };
      }
    },
  });
  return stored === true;
}
