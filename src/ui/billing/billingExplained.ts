import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { pages } from '../../view/text/pages.ts';
import { notify } from '../core/notify.ts';

/** Explains the ways of paying, and the one that Headroom does not offer: a key saved at Hugging Face. */
export async function explainBilling(): Promise<void> {
  const detail = [
    l10n.t('You: Hugging Face bills your account, first its included credits, then credits that you bought.'),
    l10n.t(
      'An organization or one of its resource groups: Hugging Face bills the organization. It has to be on Team or Enterprise, and you need write access. Only this uses its included credits.',
    ),
    l10n.t(
      'A provider key: requests go directly to the provider, which bills the key’s owner. The key stays in this editor’s secret storage. Credits of Hugging Face are not used.',
    ),
    l10n.t(
      'A key saved in Hugging Face’s settings is another way: requests still go to Hugging Face, which adds that key, and the provider bills you. Neither Hugging Face nor Headroom shows these costs.',
    ),
  ].join('\n\n');
  await notify(
    vscode.window.showInformationMessage,
    l10n.t('Who pays: what is the difference?'),
    {
      [l10n.t('Open Hugging Face’s settings')]: () =>
        vscode.env.openExternal(vscode.Uri.parse(pages.inferenceProviders, true)),
    },
    { modal: true, detail },
  );
}
