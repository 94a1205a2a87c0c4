import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { findProvider, providerName, providers } from '../../billing/providers.ts';
import { keyCheckText } from '../../view/billing/keyCheckText.ts';
import { cancellableProgress } from '../core/cancellableProgress.ts';
import type { Core, CoreHandle } from '../core/core.ts';
import { choose, isPaying, type Where } from './chooseBilling.ts';
import { enterProviderKey } from './enterProviderKey.ts';

interface ProviderItem extends vscode.QuickPickItem {
  readonly provider: string;
}

/** A provider, its key (asked for when none is stored), and from then on that key pays. */
export async function useProviderKey(handle: CoreHandle): Promise<void> {
  const core = await handle.get();
  const stored = await core.keyring.list();
  const provider = await pickProvider(stored);
  if (provider === undefined) return;
  if (stored.includes(provider)) await choose(core, { profile: { kind: 'provider-key', provider } });
  else await addProviderKey(core, provider);
}

/** Asks for a key, has it checked and stores it; then it pays. */
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

type Deed = 'use' | 'check' | 'replace' | 'delete';

/** Every stored key, and what can be done with it. No key is ever shown. */
export async function manageProviderKeys(handle: CoreHandle): Promise<void> {
  const core = await handle.get();
  const stored = await core.keyring.list();
  const items: (vscode.QuickPickItem & { provider?: string })[] = stored.map(provider => ({
    label: provider,
    description: isPaying(core, { kind: 'provider-key', provider })
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
  await doWithKey(core, choice.provider);
}

async function doWithKey(core: Core, provider: string): Promise<void> {
  const deed = await pickDeed(provider);
  switch (deed) {
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

async function pickDeed(provider: string): Promise<Deed | undefined> {
  const item = (icon: string, label: string, deed: Deed) => ({
    label,
    iconPath: new vscode.ThemeIcon(icon),
    deed,
  });
  const items = [
    item('credit-card', l10n.t('Let it pay'), 'use'),
    item('pass', l10n.t('Check it again'), 'check'),
    item('edit', l10n.t('Replace it…'), 'replace'),
    item('trash', l10n.t('Delete it'), 'delete'),
  ];
  const title = l10n.t('The Key of {0}', providerName(provider));
  return (await vscode.window.showQuickPick(items, { title }))?.deed;
}

async function checkAgain(core: Core, provider: string): Promise<void> {
  const key = await core.keyring.get(provider);
  if (key === undefined) return;
  const title = l10n.t('Asking {0} whether it knows the key', providerName(provider));
  const check = await cancellableProgress(title, signal => core.checkKey(provider, key, signal));
  if (!check) return;
  const { message, good } = keyCheckText(check, providerName(provider));
  void (good ? vscode.window.showInformationMessage(message) : vscode.window.showWarningMessage(message));
}

async function deleteKey(core: Core, provider: string): Promise<void> {
  await core.keyring.delete(provider);
  const name = providerName(provider);
  if (!isPaying(core, { kind: 'provider-key', provider })) {
    vscode.window.setStatusBarMessage(l10n.t('The key of {0} was deleted from this editor', name), 5_000);
    return;
  }
  const personal = l10n.t('Bill my account');
  const choice = await vscode.window.showWarningMessage(
    l10n.t(
      'The key of {0} was deleted. It was to pay here: requests are refused until somebody else does.',
      name,
    ),
    personal,
  );
  if (choice === personal) await choose(core, { profile: { kind: 'personal' } });
}
