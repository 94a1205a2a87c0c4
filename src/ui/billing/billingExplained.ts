import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { pages } from '../../view/text/pages.ts';

/** What each way of paying means, and the one that is not in the picker: a key saved at Hugging Face. */
export async function explainBilling(): Promise<void> {
  const settings = l10n.t('Open Hugging Face’s settings');
  const detail = [
    l10n.t(
      'You: Hugging Face bills the account that you are signed in with, first its included credits, then what you bought.',
    ),
    l10n.t(
      'An organization or one of its resource groups: Hugging Face bills it, when it is on Team or Enterprise and you may write in it. Its included credits are used only so.',
    ),
    l10n.t(
      'A provider key: requests go to the provider itself, with a key that stays in this editor’s secret storage. The provider bills its owner. Credits of Hugging Face do not count.',
    ),
    l10n.t(
      'There is another way: a key that you save in Hugging Face’s settings. Requests then still go to Hugging Face with your token, which puts your key in. The provider bills you, and neither credits nor usage of Hugging Face show anything of it, nor does Headroom.',
    ),
  ].join('\n\n');
  const choice = await vscode.window.showInformationMessage(
    l10n.t('Who pays: what is the difference?'),
    { modal: true, detail },
    settings,
  );
  if (choice === settings) await vscode.env.openExternal(vscode.Uri.parse(pages.inferenceProviders, true));
}
