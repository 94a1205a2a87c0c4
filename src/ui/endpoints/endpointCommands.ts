import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { EndpointName } from '../../limits/account/endpointChange.ts';
import { commands } from '../../view/contributions.ts';
import { endpointLanguages, endpointSnippet } from '../../view/endpoints/endpointSnippet.ts';
import { endpointPage } from '../../view/text/pages.ts';
import { oneLine } from '../../view/text/plainText.ts';
import { snippetLabels } from '../billing/copySnippet.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { pick } from '../core/pick.ts';
import { pickEndpoint } from './pickEndpoint.ts';

export async function openEndpoint(core: CoreHandle, row: EndpointName | undefined): Promise<void> {
  const endpoint = await pickEndpoint(core, row, l10n.t('Open an Endpoint on Hugging Face'));
  if (endpoint) await openPageOf(endpoint);
}

/** No token reads logs: they are a tab of the endpoint's page. */
export async function openEndpointLogs(core: CoreHandle, row: EndpointName | undefined): Promise<void> {
  const endpoint = await pickEndpoint(core, row, l10n.t('Open an Endpoint’s Logs on Hugging Face'));
  if (endpoint) await openLogsOf(endpoint);
}

export async function openLogsOf(endpoint: EndpointName): Promise<void> {
  vscode.window.setStatusBarMessage(l10n.t('The logs are a tab of the endpoint’s page'), 10_000);
  await openPageOf(endpoint);
}

async function openPageOf({ namespace, name }: EndpointName): Promise<void> {
  await vscode.commands.executeCommand(commands.openPage, endpointPage(namespace, name));
}

export async function copyEndpointUrl(core: CoreHandle, row: EndpointName | undefined): Promise<void> {
  const endpoint = await pickEndpoint(core, row, l10n.t('Copy an Endpoint’s URL'));
  if (!endpoint) return;
  if (endpoint.url === undefined) return showNoUrl(endpoint);
  await vscode.env.clipboard.writeText(endpoint.url);
  vscode.window.setStatusBarMessage(l10n.t('Copied: {0}', oneLine(endpoint.url)), 3_000);
}

/** Asks for the language, and copies a program that calls the endpoint. */
export async function copyEndpointSnippet(core: CoreHandle, row: EndpointName | undefined): Promise<void> {
  const title = l10n.t('Copy a Call of an Endpoint');
  const endpoint = await pickEndpoint(core, row, title);
  if (!endpoint) return;
  const languages = endpointLanguages(endpoint).map(value => ({ label: snippetLabels[value], value }));
  const [only, ...others] = languages;
  const language = others.length === 0 ? only?.value : await pick(languages, { title });
  if (!language) return;
  const text = endpointSnippet(endpoint, language);
  if (text === undefined) return showNoUrl(endpoint);
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(l10n.t('Snippet copied: {0}', snippetLabels[language]), 5_000);
}

function showNoUrl({ name }: EndpointName): void {
  const message = l10n.t(
    '{0} has no URL: Hugging Face gives it one with its first start.',
    oneLine(name, 60),
  );
  void vscode.window.showInformationMessage(message);
}
