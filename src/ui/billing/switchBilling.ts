import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { formatProfile, parseProfile, personalProfile, sameProfile } from '../../billing/profile.ts';
import { anyFamily } from '../../gateway/programVariables.ts';
import { payerName } from '../../view/billing/payerText.ts';
import {
  type BillingChoice,
  billingChoices,
  refusalOf,
  switchedText,
  switchTitle,
} from '../../view/billing/switchBillingModel.ts';
import { commands } from '../../view/contributions.ts';
import type { ViewInput } from '../../view/viewInput.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { focusEditor } from '../core/focusEditor.ts';
import { notify } from '../core/notify.ts';
import { chosenFamilies } from '../core/settings.ts';
import type { Core } from '../core/startCore.ts';
import { offerChatExtension } from './chatExtension.ts';
import { addProviderKey, keyProfile, pickProvider } from './providerKeys.ts';
import { useInPrograms } from './useInPrograms.ts';

/** `here`: in this window's workspace. */
type Where = 'here' | 'everywhere';
type Choice = Pick<BillingChoice, 'profile' | 'refusal'>;
type Run = (where: Where) => Promise<unknown>;

const tipShown = 'notice/programs-through-headroom';

interface BillingItem extends vscode.QuickPickItem {
  readonly current?: boolean;
  /** Undefined: a separator. */
  readonly run?: Run;
}

interface Picker {
  readonly title: string;
  readonly choices: (input: ViewInput) => BillingChoice[];
  /** After the choices. */
  readonly others: readonly BillingItem[];
}

/** Picks the payer from all profiles that may pay. */
export async function switchBilling(handle: CoreHandle): Promise<void> {
  const core = await handle.get();
  const keys = await core.keyring.list();
  const addKey = otherItem(
    'add',
    l10n.t('Add a provider key…'),
    l10n.t('The provider bills the key’s owner. Hugging Face’s credits are not used.'),
    () => chooseNewKey(core),
  );
  await switchTo(handle, core, {
    title: switchTitle(core.payerWatch.workspace !== undefined),
    choices: input => billingChoices(input, keys),
    others: [addKey, byName(handle)],
  });
}

/** Picks the payer from the organizations, or asks for an organization's name. */
export async function billOrganization(handle: CoreHandle): Promise<void> {
  await switchTo(handle, await handle.get(), {
    title: l10n.t('Bill an Organization'),
    choices: input =>
      billingChoices(input, []).filter(
        ({ profile: { kind } }) => kind !== 'personal' && kind !== 'provider-key',
      ),
    others: [byName(handle)],
  });
}

/** Applies the choice, and asks how programs follow it. */
async function switchTo(handle: CoreHandle, core: Core, picker: Picker): Promise<void> {
  const run = await pickPayer(handle, core, picker);
  if (!run) return;
  await focusEditor();
  const before = formatProfile(core.payerWatch.payer.chosen);
  programsExplained(core);
  await run();
  if (formatProfile(core.payerWatch.payer.chosen) !== before) await useInPrograms(core);
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
  await choose(await handle.get(), { profile, refusal: refusalOf(profile, handle.snapshot?.account.value) });
}

function pickPayer(
  handle: CoreHandle,
  core: Core,
  { title, choices, others }: Picker,
): Promise<(() => Promise<unknown>) | undefined> {
  const forAll: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('globe'),
    tooltip: l10n.t('Choose for all folders without a choice of their own'),
  };
  const buttons = core.payerWatch.workspace === undefined ? [] : [forAll];
  const itemOf = (choice: BillingChoice): BillingItem => ({
    label: choice.label,
    description: choice.description,
    iconPath: new vscode.ThemeIcon(choice.current ? 'check' : choice.icon),
    current: choice.current,
    buttons,
    run: where =>
      choice.profile.kind === 'provider-key'
        ? chooseKey(core, choice.profile.provider, where)
        : choose(core, choice, where),
  });
  return new Promise(resolve => {
    const box = vscode.window.createQuickPick<BillingItem>();
    box.title = title;
    box.placeholder = l10n.t('Who pays for requests through Headroom?');
    box.matchOnDescription = true;
    box.keepScrollPosition = true;
    let drawn = '';
    const draw = (isActive: (item: BillingItem) => boolean) => {
      const input = handle.viewInput();
      const all = input ? choices(input) : [];
      if (JSON.stringify(all) === drawn) return;
      drawn = JSON.stringify(all);
      const refused = all.filter(({ refusal }) => refusal !== undefined);
      const billable = all.filter(({ refusal }) => refusal === undefined);
      box.items = [
        ...billable.map(itemOf),
        ...under(l10n.t('can’t be billed'), refused.map(itemOf)),
        ...under('', others),
      ];
      box.activeItems = box.items.filter(isActive);
    };
    draw(({ current }) => current === true);
    // a balance may arrive while the picker is open
    const redraw = handle.onDidChange(() => {
      const [active] = box.activeItems;
      draw(({ label }) => label === active?.label);
    });
    const done = (run: Run | undefined, where: Where) => {
      resolve(run && (() => run(where)));
      box.hide();
    };
    box.onDidAccept(() => done(box.selectedItems[0]?.run, 'here'));
    box.onDidTriggerItemButton(({ item }) => done(item.run, 'everywhere'));
    box.onDidHide(() => {
      redraw.dispose();
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}

/** With a separator before the items, if there are any. */
function under(label: string, items: readonly BillingItem[]): BillingItem[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}

function byName(handle: CoreHandle): BillingItem {
  return otherItem(
    'edit',
    l10n.t('Add an organization by name…'),
    l10n.t('Hugging Face bills it, on Team or Enterprise, if you have write access.'),
    () => nameOrganization(handle),
  );
}

function otherItem(icon: string, label: string, detail: string, run: Run): BillingItem {
  return { label, detail, iconPath: new vscode.ThemeIcon(icon), alwaysShow: true, run };
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
  if (refusal !== undefined && !(await isBilledAnyway(refusal))) return;
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
  if (profile.kind === 'personal' && !core.service.snapshot.session) void askToSignIn();
}

async function askToSignIn(): Promise<void> {
  const message = l10n.t('Nobody is signed in: only programs with a token of their own can go on.');
  await notify(vscode.window.showInformationMessage, message, {
    [l10n.t('Sign in')]: () => vscode.commands.executeCommand(commands.signIn),
  });
}

/** The first button is the highlighted one: billing who can't pay is not. */
async function isBilledAnyway(refusal: string): Promise<boolean> {
  const another = l10n.t('Choose another…');
  const anyway = l10n.t('Bill it anyway');
  const choice = await vscode.window.showWarningMessage(refusal, another, anyway);
  if (choice === another) void vscode.commands.executeCommand(commands.switchBilling);
  return choice === anyway;
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
