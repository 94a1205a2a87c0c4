import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { EndpointAction, EndpointName } from '../../limits/account/endpointChange.ts';
import type { Endpoint } from '../../limits/account/endpoints.ts';
import { endpointChoices } from '../../view/endpoints/endpointChoices.ts';
import { findEndpoint } from '../../view/endpoints/endpointFacts.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { pick } from '../core/pick.ts';

/** The row's endpoint as last read; without a row, the one that the user picks. */
export async function pickEndpoint(
  core: CoreHandle,
  row: EndpointName | undefined,
  title: string,
  action?: EndpointAction,
): Promise<Endpoint | undefined> {
  const input = core.viewInput();
  if (!input) return undefined;
  if (row) return findEndpoint(input, row);
  const choices = endpointChoices(input, action);
  if (choices.length === 0) {
    void vscode.window.showInformationMessage(l10n.t('None of your endpoints is in a state for this.'));
    return undefined;
  }
  return await pick(choices, { title, matchOnDescription: true });
}
