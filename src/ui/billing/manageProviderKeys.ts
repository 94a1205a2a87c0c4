import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { personalProfile, sameProfile } from '../../billing/profile.ts';
import { findProvider, providerName } from '../../billing/providers.ts';
import { keyCheckText } from '../../view/billing/keyCheckText.ts';
import { cancellableProgress } from '../core/cancellableProgress.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { notify } from '../core/notify.ts';
import { type PickItem, pick } from '../core/pick.ts';
import type { Core } from '../core/startCore.ts';
import { addProviderKey, enterProviderKey } from './providerKeys.ts';
import { choose } from './switchBilling.ts';

/** Lists the providers with a stored key, and acts on the picked one. Never shows a key. */
export async function manageProviderKeys(handle: CoreHandle): Promise<void> {
  const core = await handle.get();
  const stored = await core.keyring.list();
  const items: PickItem<() => Promise<unknown>>[] = stored.map(provider => ({
    label: provider,
    description: isChosen(core, provider)
      ? `${providerName(provider)} · ${l10n.t('pays here')}`
      : providerName(provider),
    icon: 'key',
    value: () => actOnKey(core, provider),
  }));
  items.push({ label: l10n.t('Add a provider key…'), icon: 'add', value: () => addProviderKey(core) });
  const act = await pick(items, { title: l10n.t('Manage Provider Keys') });
  await act?.();
}

async function actOnKey(core: Core, provider: string): Promise<void> {
  const use = () => choose(core, { profile: { kind: 'provider-key', provider } });
  const check = () => checkAgain(core, provider);
  const items: PickItem<() => Promise<unknown>>[] = [
    ...(isChosen(core, provider) ? [] : [{ icon: 'credit-card', label: l10n.t('Let it pay'), value: use }]),
    ...(findProvider(provider)?.checkPath === undefined
      ? []
      : [{ icon: 'pass', label: l10n.t('Check it again'), value: check }]),
    { icon: 'edit', label: l10n.t('Replace it…'), value: () => enterProviderKey(core, provider) },
    { icon: 'trash', label: l10n.t('Delete it'), value: () => deleteKey(core, provider) },
  ];
  const act = await pick(items, { title: l10n.t('The Key of {0}', providerName(provider)) });
  await act?.();
}

async function checkAgain(core: Core, provider: string): Promise<void> {
  const key = await core.keyring.get(provider);
  if (key === undefined) return;
  const title = l10n.t('Asking {0} about the key', providerName(provider));
  const check = await cancellableProgress(title, signal => core.checkKey(provider, key, signal));
  if (!check) return;
  const { message, good } = keyCheckText(check, providerName(provider));
  void (good ? vscode.window.showInformationMessage(message) : vscode.window.showWarningMessage(message));
}

async function deleteKey(core: Core, provider: string): Promise<void> {
  await core.keyring.delete(provider);
  const name = providerName(provider);
  if (!isChosen(core, provider)) {
    vscode.window.setStatusBarMessage(l10n.t('The key of {0} was deleted from this editor', name), 5_000);
    return;
  }
  await notify(
    vscode.window.showWarningMessage,
    l10n.t(
      'The key of {0} was deleted. It was the payer here: requests are refused until you choose another one.',
      name,
    ),
    { [l10n.t('Bill my account')]: () => choose(core, { profile: personalProfile }) },
  );
}

function isChosen({ payerWatch }: Core, provider: string): boolean {
  return sameProfile(payerWatch.payer.chosen, { kind: 'provider-key', provider });
}
