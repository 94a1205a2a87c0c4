import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { parseProfile, sameProfile } from '../../billing/profile.ts';
import {
  type BillingChoice,
  billingChoices,
  organizationChoices,
  switchTitle,
} from '../../view/billing/switchBillingModel.ts';
import type { ViewInput } from '../../view/viewInput.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import type { Core } from '../core/startCore.ts';
import { viewInputNow } from '../core/viewInput.ts';
import { explainBilling } from './billingExplained.ts';
import { choose, type Where } from './chooseBilling.ts';
import { addProviderKey } from './providerKeys.ts';

type OtherAction = 'add-key' | 'name-organization' | 'explain';

interface BillingItem extends vscode.QuickPickItem {
  readonly choice?: BillingChoice;
  readonly other?: OtherAction;
}

/** Picks the payer from all profiles that may pay. */
export async function switchBilling(handle: CoreHandle): Promise<void> {
  const core = await handle.get();
  const picked = await pickPayer(core);
  if (!picked) return;
  const { choice, other, where } = picked;
  if (other === 'add-key') return await addProviderKey(core);
  if (other === 'name-organization') return await nameOrganization(core);
  if (other === 'explain') return await explainBilling();
  if (!choice) return;
  const { profile } = choice;
  const keyMissing = profile.kind === 'provider-key' && !(await core.keyring.get(profile.provider));
  if (keyMissing) return await addProviderKey(core, profile.provider, where);
  await choose(core, choice, where);
}

/** Picks the payer from the organizations, or asks for an organization's name. */
export async function billOrganization(handle: CoreHandle): Promise<void> {
  const core = await handle.get();
  const items: BillingItem[] = [
    ...organizationChoices(inputOf(core)).map(choice => ({ ...itemOf(choice), choice })),
    { label: l10n.t('Another organization, by its name…'), iconPath: new vscode.ThemeIcon('edit') },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: l10n.t('Bill an Organization') });
  if (!picked) return;
  if (picked.choice) await choose(core, picked.choice);
  else await nameOrganization(core);
}

async function nameOrganization(core: Core): Promise<void> {
  const answer = await vscode.window.showInputBox({
    title: l10n.t('Bill an Organization'),
    prompt: l10n.t(
      'The organization’s name as in its address on huggingface.co. “Verify Billing” shows whether you can bill it.',
    ),
    placeHolder: 'acme',
    validateInput: text =>
      text.trim() === '' || parseProfile(`org:${text.trim()}`)
        ? undefined
        : l10n.t('A name has letters, digits, “-”, “_” and “.” only'),
  });
  const profile = answer?.trim() ? parseProfile(`org:${answer.trim()}`) : undefined;
  if (!profile) return;
  const listed = billingChoices(inputOf(core), []).find(choice => sameProfile(choice.profile, profile));
  await choose(core, { profile, refusal: listed?.refusal });
}

interface Picked extends Pick<BillingItem, 'choice' | 'other'> {
  readonly where: Where;
}

async function pickPayer(core: Core): Promise<Picked | undefined> {
  const keys = await core.keyring.list();
  const hasFolder = core.payerWatch.workspace !== undefined;
  const forAll: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('globe'),
    tooltip: l10n.t('Choose for all folders without a choice of their own'),
  };
  const items = (): BillingItem[] => [
    ...billingChoices(inputOf(core), keys).map(choice => ({
      ...itemOf(choice),
      choice,
      ...(hasFolder && { buttons: [forAll] }),
    })),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    otherItem('add', l10n.t('Add a provider key…'), 'add-key'),
    otherItem('edit', l10n.t('Add an organization by name…'), 'name-organization'),
    otherItem('question', l10n.t('What is the difference?'), 'explain'),
  ];
  return await new Promise(resolve => {
    const box = vscode.window.createQuickPick<BillingItem>();
    box.title = switchTitle(hasFolder);
    box.placeholder = l10n.t('Who pays for requests through Headroom?');
    box.matchOnDescription = true;
    box.keepScrollPosition = true;
    const draw = (isActive: (item: BillingItem) => boolean) => {
      box.items = items();
      box.activeItems = box.items.filter(isActive);
    };
    draw(({ choice }) => choice?.current === true);
    // a balance may arrive while the picker is open
    const redraw = core.service.onDidChange(() => {
      const [active] = box.activeItems;
      draw(({ label }) => label === active?.label);
    });
    const done = (picked: Picked | undefined) => {
      resolve(picked);
      box.hide();
    };
    box.onDidAccept(() => {
      const [item] = box.selectedItems;
      done(item && { ...item, where: 'here' });
    });
    box.onDidTriggerItemButton(({ item }) => done({ ...item, where: 'everywhere' }));
    box.onDidHide(() => {
      redraw.dispose();
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}

function itemOf({ label, description, icon, current }: BillingChoice): vscode.QuickPickItem {
  return { label, description, iconPath: new vscode.ThemeIcon(current ? 'check' : icon) };
}

function otherItem(icon: string, label: string, other: OtherAction): BillingItem {
  return { label, iconPath: new vscode.ThemeIcon(icon), alwaysShow: true, other };
}

function inputOf(core: Core): ViewInput {
  return viewInputNow(core.known());
}
