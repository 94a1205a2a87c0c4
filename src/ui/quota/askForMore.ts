import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { parseQuota, type QuotaSubject } from '../../limits/refusals/quotaSubject.ts';
import { quotaChoices } from '../../view/quota/quotaChoices.ts';
import { quotaRequest } from '../../view/quota/quotaRequest.ts';
import { type QuotaTarget, quotaTarget } from '../../view/quota/quotaTarget.ts';
import type { ViewInput } from '../../view/viewInput.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { pick } from '../core/pick.ts';

/**
 * Puts a request for more on the clipboard, and opens the page or the mail that takes it.
 * @param argument of a link: a limit as text. Without one and without a row the user picks a limit
 */
export async function askForMore(
  core: CoreHandle,
  row: QuotaSubject | undefined,
  argument: unknown,
): Promise<void> {
  await core.get();
  const input = core.viewInput();
  if (!input) return;
  const linked = typeof argument === 'string' ? parseQuota(argument) : undefined;
  const chosen = row ?? linked ?? (await pickQuota(input));
  if (!chosen) return;
  const target = quotaTarget(chosen, input.snapshot.account.value?.plan);
  const url = await addressOf(target);
  if (url === undefined) return;
  await vscode.env.clipboard.writeText(quotaRequest(chosen, input));
  void vscode.window.showInformationMessage(target.notice);
  await vscode.env.openExternal(vscode.Uri.parse(url, true));
}

async function pickQuota(input: ViewInput): Promise<QuotaSubject | undefined> {
  const choices = quotaChoices(input).map(({ quota, ...item }) => ({ ...item, value: quota }));
  if (choices.length === 0) {
    void vscode.window.showInformationMessage(l10n.t('No limit is full, and none refused lately.'));
    return undefined;
  }
  return await pick(choices, { title: l10n.t('Ask Hugging Face for More'), matchOnDescription: true });
}

/** Undefined: the user chose no address. */
async function addressOf({ url, mails }: QuotaTarget): Promise<string | undefined> {
  if (!mails) return url;
  const items = mails.map(({ label, address }) => ({ label, description: address, value: address }));
  const address = await pick(items, { title: l10n.t('Ask Hugging Face for More') });
  return address && `mailto:${address}`;
}
