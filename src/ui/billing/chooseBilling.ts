import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { personalProfile, sameProfile } from '../../billing/profile.ts';
import { anyFamily } from '../../gateway/programVariables.ts';
import { payerName } from '../../view/billing/payerText.ts';
import { type BillingChoice, switchedText } from '../../view/billing/switchBillingModel.ts';
import { commands } from '../../view/contributions.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { notify } from '../core/notify.ts';
import { chosenFamilies } from '../core/settings.ts';
import type { Core } from '../core/startCore.ts';
import { offerChatExtension } from './chatExtension.ts';

/** `here`: in this window's workspace. */
export type Where = 'here' | 'everywhere';
type Choice = Pick<BillingChoice, 'profile' | 'refusal'>;

const tipShown = 'notice/programs-through-headroom';

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
export function programsExplained({ ledger }: Pick<Core, 'ledger'>): void {
  if (!ledger.getPreference(tipShown)) ledger.setPreference(tipShown, new Date().toISOString());
}
