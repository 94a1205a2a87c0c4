import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { type BillingProfile, payingProfile } from '../../billing/profile.ts';
import { providerName } from '../../billing/providers.ts';
import { parseProviderUrls } from '../../billing/providerUrls.ts';
import { parseServers } from '../../hub/servers.ts';
import { payerName } from '../../view/billing/payerText.ts';
import { type ModelLookup, type SnippetModel, snippetModel } from '../../view/billing/snippetModel.ts';
import {
  canWriteSnippet,
  requestSnippet,
  type SnippetLanguage,
  type SnippetOptions,
  snippetLanguages,
} from '../../view/billing/snippets.ts';
import { cancellableProgress } from '../core/cancellableProgress.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { type PickItem, pick } from '../core/pick.ts';
import { gatewaySettings, userServers } from '../core/settings.ts';

export const snippetLabels: Readonly<Record<SnippetLanguage, string>> = {
  'python-huggingface-hub': 'Python · huggingface_hub',
  'python-openai': 'Python · openai',
  'js-openai': 'JavaScript · openai',
  'js-huggingface': 'JavaScript · @huggingface/inference',
  curl: 'curl',
  env: '.env',
};

/** Asks for language and route, and copies the program. */
export async function copySnippet(handle: CoreHandle): Promise<void> {
  const { payerWatch, service, models } = await handle.get();
  const profile = payingProfile(payerWatch.payer);
  const name = payerName(profile, service.snapshot.account.value);
  const title = l10n.t('Copy Request Snippet');
  if (!canWriteSnippet({ profile })) {
    const message = l10n.t('{0} serves no chat, and Headroom has snippets for chat only.', name);
    void vscode.window.showInformationMessage(message);
    return;
  }
  const languages = snippetLanguages.map(value => ({ label: snippetLabels[value], value }));
  const placeHolder = l10n.t('Bills {0}. Reads secrets from the environment.', name);
  const language = await pick(languages, { title, placeHolder });
  if (!language) return;
  const through = language === 'env' ? 'direct' : await pickRoute(title);
  if (!through) return;
  const model = await findModel(profile, models);
  if (!model) return;
  const text = requestSnippet({
    language,
    profile,
    through,
    model,
    routerUrl: parseServers(userServers()).routerUrl,
    providerUrls: parseProviderUrls(gatewaySettings().providerUrls),
  });
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(l10n.t('Snippet copied: {0}', snippetLabels[language]), 5_000);
}

/** Undefined: cancelled. */
async function findModel(profile: BillingProfile, models: ModelLookup): Promise<SnippetModel | undefined> {
  if (profile.kind !== 'provider-key')
    return await snippetModel(profile, models, new AbortController().signal);
  const title = l10n.t('Asking Hugging Face which models {0} serves', providerName(profile.provider));
  return await cancellableProgress(title, signal => snippetModel(profile, models, signal));
}

async function pickRoute(title: string): Promise<SnippetOptions['through'] | undefined> {
  const routes: PickItem<SnippetOptions['through']>[] = [
    {
      label: l10n.t('Through Headroom'),
      detail: l10n.t('For a terminal with Headroom: follows each switch and waits for limits'),
      value: 'gateway',
    },
    {
      label: l10n.t('Directly'),
      detail: l10n.t('For any machine: always bills the present payer'),
      value: 'direct',
    },
  ];
  return await pick(routes, { title });
}
