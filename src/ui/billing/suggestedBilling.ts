import { createHash } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { formatProfile, sameProfile } from '../../billing/profile.ts';
import { type Suggestion, suggestionsIn, suggestionText } from '../../view/billing/billingNoticesModel.ts';
import { payerName } from '../../view/billing/payerText.ts';
import { refusalOf } from '../../view/billing/switchBillingModel.ts';
import { settings } from '../../view/contributions.ts';
import type { Core } from '../core/startCore.ts';
import { choose, chooseKey } from './switchBilling.ts';

/** Asks, once for each folder and value, whether to bill the payer that a folder's settings suggest. */
export async function askForSuggested(core: Core): Promise<void> {
  // an untrusted folder's settings must not lead to a question about money
  if (!vscode.workspace.isTrusted) return;
  const { ledger, payerWatch, service } = core;
  const suggestion = suggestionsIn(suggestedValues()).find(
    each =>
      !sameProfile(each.profile, payerWatch.payer.chosen) && ledger.getPreference(keyOf(each)) === undefined,
  );
  if (!suggestion) return;
  const { profile } = suggestion;
  const account = service.snapshot.account.value;
  const key = keyOf(suggestion);
  ledger.setPreference(key, 'asked');
  const refusal = refusalOf(profile, account);
  const no = l10n.t('Don’t');
  const yes =
    refusal === undefined ? l10n.t('Bill {0}', payerName(profile, account)) : l10n.t('Bill it anyway');
  const message = [suggestionText(suggestion, account), refusal].filter(Boolean).join(' ');
  const buttons = refusal === undefined ? [yes, no] : [no, yes];
  const choice = await vscode.window.showInformationMessage(message, ...buttons);
  if (choice === undefined) return;
  ledger.setPreference(key, choice === yes ? 'approved' : 'declined');
  if (choice !== yes) return;
  if (profile.kind === 'provider-key') await chooseKey(core, profile.provider);
  else await choose(core, { profile });
}

/** Values of workspace and folder settings; user settings suggest nothing. */
function suggestedValues(): { readonly folder: string; readonly value: unknown }[] {
  const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
  const ofWorkspace = vscode.workspace.getConfiguration().inspect(settings.suggestedBilling)?.workspaceValue;
  const [first] = workspaceFolders;
  const root = workspaceFile ?? first?.uri;
  return [
    ...(root ? [{ folder: root.toString(), value: ofWorkspace }] : []),
    ...workspaceFolders.map(({ uri }) => ({
      folder: uri.toString(),
      value: vscode.workspace.getConfiguration(undefined, uri).inspect(settings.suggestedBilling)
        ?.workspaceFolderValue,
    })),
  ];
}

function keyOf({ folder, profile }: Suggestion): string {
  const hash = createHash('sha256')
    .update(`${folder}\n${formatProfile(profile)}`)
    .digest('hex');
  return `suggestion/${hash.slice(0, 32)}`;
}
