import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Preferences } from '../billing/payerStore.ts';
import { type BillingProfile, billToOf } from '../billing/profile.ts';

/** Hugging Face's own chat extension, and its setting of who is billed. */
const EXTENSION = 'HuggingFace.huggingface-vscode-chat';
const SECTION = 'huggingface';
const BILL_TO = 'billTo';
const ASKED = 'notice/chat-extension-bill-to';

/** That extension does not go through Headroom: offers, once for each payer, to set the same payer there. */
export async function offerChatExtension(ledger: Preferences, profile: BillingProfile): Promise<void> {
  const billTo = billToOf(profile);
  if (billTo === undefined || !vscode.extensions.getExtension(EXTENSION)) return;
  const configuration = vscode.workspace.getConfiguration(SECTION);
  if (configuration.get(BILL_TO) === billTo || ledger.getPreference(`${ASKED}/${billTo}`)) return;
  ledger.setPreference(`${ASKED}/${billTo}`, new Date().toISOString());
  const set = l10n.t('Bill {0} there, too', billTo);
  const choice = await vscode.window.showInformationMessage(
    l10n.t('Hugging Face’s chat extension keeps its own setting of who is billed.'),
    set,
  );
  if (choice === set) await configuration.update(BILL_TO, billTo, vscode.ConfigurationTarget.Global);
}
