import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { formatProfile, parseProfile, personalProfile, sameProfile } from '../../billing/profile.ts';
import { anyFamily } from '../../gateway/programVariables.ts';
import { payerName } from '../../view/billing/payerText.ts';
import {
  type BillingChoice,
  billingChoices,
  organizationChoices,
  switchedText,
  switchTitle,
} from '../../view/billing/switchBillingModel.ts';
import { commands } from '../../view/contributions.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { focusEditor } from '../core/focusEditor.ts';
import { notify } from '../core/notify.ts';
import { type PickItem, pick } from '../core/pick.ts';
import { chosenFamilies } from '../core/settings.ts';
import type { Core } from '../core/startCore.ts';
import { explainBilling } from './billingExplained.ts';
import { offerChatExtension } from './chatExtension.ts';
import { addProviderKey, keyProfile, pickProvider } from './providerKeys.ts';
import { useInPrograms } from './useInPrograms.ts';

/** `here`: in this window's workspace. */
type Where = 'here' | 'everywhere';
type Choice = Pick<BillingChoice, 'profile' | 'refusal'>;

const tipShown = 'notice/programs-through-headroom';

interface BillingItem extends vscode.QuickPickItem {
  readonly current?: boolean;
  readonly run: (where: Where) => Promise<unknown>;
}

/** Picks the payer from all profiles that may pay. */
export async function switchBilling(handle: CoreHandle): Promise<void> {
  const run = await pickPayer(handle);
  if (run) await andUse(await handle.get(), run);
}

/** Runs the choice, and asks how programs follow it. */
async function andUse(core: Core, run: () => Promise<unknown>): Promise<void> {
  await focusEditor();
  const before = formatProfile(core.payerWatch.payer.chosen);
  programsExplained(core);
  await run();
  if (formatProfile(core.payerWatch.payer.chosen) !== before) await useInPrograms(core);
}

/** Picks the payer from the organizations, or asks for an organization's name. */
export async function billOrganization(handle: CoreHandle): Promise<void> {
  const core = await handle.get();
  const input = handle.viewInput();
  if (!input) return;
  const items: PickItem<() => Promise<unknown>>[] = organizationChoices(input).map(choice => ({
    label: choice.label,
    description: choice.description,
    icon: choice.current ? 'check' : choice.icon,
    value: () => choose(core, choice),
  }));
  const another = l10n.t('Another organization, by its name…');
  items.push({ icon: 'edit', label: another, value: () => nameOrganization(handle) });
  const run = await pick(items, { title: l10n.t('Bill an Organization') });
  if (run) await andUse(core, run);
}

async function nameOrganization(handle: CoreHandle): Promise<void> {
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
  const input = handle.viewInput();
  const listed = input && billingChoices(input, []).find(choice => sameProfile(choice.profile, profile));
  await choose(await handle.get(), { profile, refusal: listed?.refusal });
}

async function pickPayer(handle: CoreHandle): Promise<(() => Promise<unknown>) | undefined> {
  const core = await handle.get();
  const keys = await core.keyring.list();
  const hasFolder = core.payerWatch.workspace !== undefined;
  const forAll: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('globe'),
    tooltip: l10n.t('Choose for all folders without a choice of their own'),
  };
  const choices = () => {
    const input = handle.viewInput();
    return input ? billingChoices(input, keys) : [];
  };
  const items = (): BillingItem[] => [
    ...choices().map(choice => ({
      label: choice.label,
      description: choice.description,
      iconPath: new vscode.ThemeIcon(choice.current ? 'check' : choice.icon),
      current: choice.current,
      ...(hasFolder && { buttons: [forAll] }),
      run: (where: Where) =>
        choice.profile.kind === 'provider-key'
          ? chooseKey(core, choice.profile.provider, where)
          : choose(core, choice, where),
    })),
    { label: '', kind: vscode.QuickPickItemKind.Separator, run: async () => undefined },
    otherItem('add', l10n.t('Add a provider key…'), () => chooseNewKey(core)),
    otherItem('edit', l10n.t('Add an organization by name…'), () => nameOrganization(handle)),
    otherItem('question', l10n.t('What is the difference?'), explainBilling),
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
    draw(({ current }) => current === true);
    // a balance may arrive while the picker is open
    const redraw = handle.onDidChange(() => {
      const [active] = box.activeItems;
      draw(({ label }) => label === active?.label);
    });
    const done = (item: BillingItem | undefined, where: Where) => {
      resolve(item && (() => item.run(where)));
      box.hide();
    };
    box.onDidAccept(() => done(box.selectedItems[0], 'here'));
    box.onDidTriggerItemButton(({ item }) => done(item, 'everywhere'));
    box.onDidHide(() => {
      redraw.dispose();
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}

function otherItem(icon: string, label: string, run: () => Promise<unknown>): BillingItem {
  return { label, iconPath: new vscode.ThemeIcon(icon), alwaysShow: true, run };
}

/** Lets a provider key pay; asks for the key if none is stored. */
export async function useProviderKey(handle: CoreHandle): Promise<void> {
  const core = await handle.get();
  const provider = await pickProvider(core);
  if (provider !== undefined) await chooseKey(core, provider);
}

/** Lets the provider's key pay; asks for it first if it is not stored. */
export async function chooseKey(core: Core, provider: string, where?: Where): Promise<void> {
  const profile = await keyProfile(core, provider);
  if (profile) await choose(core, { profile }, where);
}

async function chooseNewKey(core: Core): Promise<void> {
  const profile = await addProviderKey(core);
  if (profile) await choose(core, { profile });
}

/** Applies the picked payer; asks first if HF says it can't be billed. */
export async function choose(core: Core, { profile, refusal }: Choice, where: Where = 'here'): Promise<void> {
  if (refusal !== undefined) {
    const anyway = l10n.t('Bill it anyway');
    if ((await vscode.window.showWarningMessage(refusal, anyway)) !== anyway) return;
  }
  core.payerWatch.choose(profile, where);
  const name = payerName(profile, core.service.snapshot.account.value);
  const { workspace } = core.payerWatch;
  const here = where === 'here' && workspace !== undefined;
  vscode.window.setStatusBarMessage(switchedText(name, here), untilSwitched(core));
  void showProgramsTip(core);
  offerChatExtension(core.ledger, { profile, place: here ? 'workspace' : 'user', workspace }).catch(
    (error: unknown) =>
      void vscode.window.showWarningMessage(
        l10n.t('The setting of Hugging Face’s chat extension could not be written: {0}', String(error)),
      ),
  );
}

/** 5 s, or until another payer is chosen, also in a terminal: the message would be wrong then. */
function untilSwitched({ payerWatch }: Core): Promise<void> {
  const { chosen } = payerWatch.payer;
  return new Promise(resolve => {
    const following = payerWatch.onDidChange(() => {
      if (!sameProfile(payerWatch.payer.chosen, chosen)) end();
    });
    const timer = setTimeout(end, 5_000);
    function end(): void {
      clearTimeout(timer);
      following.dispose();
      resolve();
    }
  });
}

export async function useHuggingFaceBilling(handle: CoreHandle): Promise<void> {
  await choose(await handle.get(), { profile: personalProfile });
}

/** Says once on this machine that a switch needs programs that use Headroom. */
async function showProgramsTip({ ledger }: Core): Promise<void> {
  if (anyFamily(chosenFamilies()) || ledger.getPreference(tipShown)) return;
  programsExplained({ ledger });
  const message = l10n.t(
    'This counts for programs that use Headroom: in a terminal with Headroom, or in every new terminal with the settings under “headroom.environment”.',
  );
  await notify(vscode.window.showInformationMessage, message, {
    [l10n.t('New terminal')]: () => vscode.commands.executeCommand(commands.newTerminal),
    [l10n.t('Copy snippet…')]: () => vscode.commands.executeCommand(commands.copySnippet),
  });
}

/** The tip is not shown any more: a picker says it. */
function programsExplained({ ledger }: Pick<Core, 'ledger'>): void {
  if (!ledger.getPreference(tipShown)) ledger.setPreference(tipShown, new Date().toISOString());
}
