import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { type BillingProfile, personalProfile, sameProfile } from '../../billing/profile.ts';
import { payerName } from '../../view/billing/payerText.ts';
import { type BillingChoice, switchedText } from '../../view/billing/switchBillingModel.ts';
import { commands } from '../../view/contributions.ts';
import type { Core, CoreHandle } from '../core/core.ts';
import { chosenFamilies } from '../core/settings.ts';
import { anyFamily } from '../programs/gatewayVariables.ts';
import { offerChatExtension } from './chatExtension.ts';

/** `here`: in what is open in this window. */
export type Where = 'here' | 'everywhere';

const tip = 'notice/programs-through-headroom';

/** Lets somebody pay whom a person has just picked, also against what is known to speak against it. */
export async function choose(
  core: Core,
  { profile, refusal }: Pick<BillingChoice, 'profile' | 'refusal'>,
  where: Where = 'here',
): Promise<void> {
  if (refusal !== undefined) {
    const anyway = l10n.t('Bill it anyway');
    if ((await vscode.window.showWarningMessage(refusal, anyway)) !== anyway) return;
  }
  core.payers.choose(profile, where);
  const name = payerName(profile, core.service.snapshot.account.value);
  const { workspace } = core.payers;
  const here = where === 'here' && workspace !== undefined;
  vscode.window.setStatusBarMessage(switchedText(name, here), untilSwitched(core));
  void tellHowProgramsFollow(core);
  offerChatExtension(core.ledger, { profile, place: here ? 'workspace' : 'user', workspace }).catch(
    (error: unknown) =>
      void vscode.window.showWarningMessage(
        l10n.t('The setting of Hugging Face’s chat extension could not be written: {0}', String(error)),
      ),
  );
}

/** 5 s, or until another one is chosen, also in a terminal: what was said of who pays must not outlive that. */
function untilSwitched({ payers }: Core): Promise<void> {
  const { chosen } = payers.payer;
  return new Promise(resolve => {
    const following = payers.onDidChange(() => {
      if (!sameProfile(payers.payer.chosen, chosen)) end();
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
  const core = await handle.get();
  await choose(core, { profile: personalProfile });
}

/** Switching alone changes no program: said once on this machine. */
async function tellHowProgramsFollow({ ledger }: Core): Promise<void> {
  // whoever has chosen that programs go through Headroom knows
  if (anyFamily(chosenFamilies()) || ledger.getPreference(tip)) return;
  ledger.setPreference(tip, new Date().toISOString());
  const terminal = l10n.t('New terminal');
  const snippet = l10n.t('Copy snippet…');
  const choice = await vscode.window.showInformationMessage(
    l10n.t(
      'Programs are billed so when they go through Headroom: those in a terminal with Headroom, or with the settings under “headroom.environment” in every new terminal.',
    ),
    terminal,
    snippet,
  );
  if (choice === terminal) await vscode.commands.executeCommand(commands.newTerminal);
  if (choice === snippet) await vscode.commands.executeCommand(commands.copySnippet);
}

/** Nobody pays with a key that is gone. */
export function isPaying({ payers }: Core, profile: BillingProfile): boolean {
  return sameProfile(payers.payer.chosen, profile);
}
