import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { sameProfile } from '../../billing/profile.ts';
import { findProvider, providerName, providers } from '../../billing/providers.ts';
import { keyCheckText } from '../../view/billing/keyCheckText.ts';
import { cancellableProgress } from '../core/cancellableProgress.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import type { Core } from '../core/startCore.ts';
import { choose, type Where } from './chooseBilling.ts';
import { enterProviderKey } from './enterProviderKey.ts';

interface ProviderItem extends vscode.QuickPickItem {
  readonly provider: string;
}

/** Lets a provider key pay; asks for the key if none is stored. */
export async function useProviderKey(handle: CoreHandle): Promise<void> {
  const core = await handle.get();
  const stored = await core.keyring.list();
  const provider = await pickProvider(stored);
  if (provider === undefined) return;
  if (stored.includes(provider)) await choose(core, { profile: { kind: 'provider-key', provider } });
  else await addProviderKey(core, provider);
}

/** Asks for a key, stores it and lets it pay. */
export async function addProviderKey(core: Core, provider?: string, where?: Where): Promise<void> {
  const named = provider ?? (await pickProvider(await core.keyring.list()));
  if (named === undefined || !(await enterProviderKey(core, named))) return;
  await choose(core, { profile: { kind: 'provider-key', provider: named } }, where);
}

async function pickProvider(stored: readonly string[]): Promise<string | undefined> {
  const known = providers.filter(({ takesKeys }) => takesKeys);
  const others = stored.filter(id => !findProvider(id)).map(id => ({ id, name: id, chatPath: undefined }));
  const rank = ({ id, chatPath }: { id: string; chatPath?: string }) =>
    stored.includes(id) ? 0 : chatPath === undefined ? 2 : 1;
  const items: ProviderItem[] = [...known, ...others]
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
    .map(entry => ({
      label: entry.id,
      description: [
        entry.name === entry.id ? '' : entry.name,
        stored.includes(entry.id) ? l10n.t('key is stored') : '',
        entry.chatPath === undefined ? l10n.t('no chat: images, speech or video only') : '',
      ]
        .filter(Boolean)
        .join(' · '),
      iconPath: new vscode.ThemeIcon(stored.includes(entry.id) ? 'key' : 'plug'),
      provider: entry.id,
    }));
  const choice = await vscode.window.showQuickPick(items, {
    title: l10n.t('Use a Custom Provider Key'),
    placeHolder: l10n.t('Whose key is it?'),
    matchOnDescription: true,
  });
  return choice?.provider;
}

type KeyAction = 'use' | 'check' | 'replace' | 'delete';

/** Lists the providers with a stored key, and acts on the picked one. Never shows a key. */
export async function manageProviderKeys(handle: CoreHandle): Promise<void> {
  const core = await handle.get();
  const stored = await core.keyring.list();
  const items: (vscode.QuickPickItem & { provider?: string })[] = stored.map(provider => ({
    label: provider,
    description: isChosen(core, provider)
      ? `${providerName(provider)} · ${l10n.t('pays here')}`
      : providerName(provider),
    iconPath: new vscode.ThemeIcon('key'),
    provider,
  }));
  items.push({ label: l10n.t('Add a provider key…'), iconPath: new vscode.ThemeIcon('add') });
  const choice = await vscode.window.showQuickPick(items, { title: l10n.t('Manage Provider Keys') });
  if (!choice) return;
  if (choice.provider === undefined) {
    const provider = await pickProvider(stored);
    if (provider !== undefined) await enterProviderKey(core, provider);
    return;
  }
  await actOnKey(core, choice.provider);
}

async function actOnKey(core: Core, provider: string): Promise<void> {
  switch (await pickAction(provider)) {
    case 'use':
      return await choose(core, { profile: { kind: 'provider-key', provider } });
    case 'check':
      return await checkAgain(core, provider);
    case 'replace':
      return void (await enterProviderKey(core, provider));
    case 'delete':
      return await deleteKey(core, provider);
    case undefined:
      return;
  }
}

async function pickAction(provider: string): Promise<KeyAction | undefined> {
  const item = (icon: string, label: string, action: KeyAction) => ({
    label,
    iconPath: new vscode.ThemeIcon(icon),
    action,
  });
  const items = [
    item('credit-card', l10n.t('Let it pay'), 'use'),
    item('pass', l10n.t('Check it again'), 'check'),
    item('edit', l10n.t('Replace it…'), 'replace'),
    item('trash', l10n.t('Delete it'), 'delete'),
  ];
  const title = l10n.t('The Key of {0}', providerName(provider));
  return (await vscode.window.showQuickPick(items, { title }))?.action;
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
  const personal = l10n.t('Bill my account');
  const choice = await vscode.window.showWarningMessage(
    l10n.t(
      'The key of {0} was deleted. It was the payer here: requests are refused until you choose another one.',
      name,
    ),
    personal,
  );
  if (choice === personal) await choose(core, { profile: { kind: 'personal' } });
}

function isChosen({ payerWatch }: Core, provider: string): boolean {
  return sameProfile(payerWatch.payer.chosen, { kind: 'provider-key', provider });
}
