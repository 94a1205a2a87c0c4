import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Preferences } from '../../billing/payerStore.ts';
import {
  type ChatExtensionOffer,
  chatExtensionOffer,
  type PayerChoice,
  rememberDone,
} from '../../view/billing/chatExtensionModel.ts';

/** Hugging Face's own chat extension, and its setting for the billed organization. */
const extension = 'HuggingFace.huggingface-vscode-chat';
const section = 'huggingface';
const billToKey = 'billTo';

const targets = {
  workspace: vscode.ConfigurationTarget.Workspace,
  user: vscode.ConfigurationTarget.Global,
} as const;

/** That extension does not use Headroom: offers to set the same payer there, and to remove it again. */
export async function offerChatExtension(preferences: Preferences, choice: PayerChoice): Promise<void> {
  if (!vscode.extensions.getExtension(extension)) return;
  const configuration = vscode.workspace.getConfiguration(section);
  const set = configuration.inspect<string>(billToKey);
  const offer = chatExtensionOffer(preferences, choice, {
    workspace: set?.workspaceValue,
    user: set?.globalValue,
  });
  if (!offer || !(await isAccepted(offer))) return;
  for (const { place, billTo } of offer.changes) {
    await configuration.update(billToKey, billTo, targets[place]);
  }
  rememberDone(preferences, choice, offer);
}

async function isAccepted({ kind, billTo }: ChatExtensionOffer): Promise<boolean> {
  const yes =
    kind === 'set' ? l10n.t('Bill {0} there, too', billTo) : l10n.t('Stop billing {0} there', billTo);
  const message =
    kind === 'set'
      ? l10n.t('Hugging Face’s chat extension has a billing setting of its own.')
      : l10n.t('Hugging Face’s chat extension still bills {0}: it has a billing setting of its own.', billTo);
  return (await vscode.window.showInformationMessage(message, yes)) === yes;
}
