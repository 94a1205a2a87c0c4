import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { WatchOutcome } from '../../account/endpointControl.ts';
import { HubError } from '../../hub/hubError.ts';
import type { EndpointAction, EndpointName } from '../../limits/account/endpointChange.ts';
import type { Endpoint } from '../../limits/account/endpoints.ts';
import { endpointsPermission } from '../../limits/account/tokenPermissions.ts';
import { formatQuota } from '../../limits/refusals/quotaSubject.ts';
import { stateText } from '../../view/account/endpointStateText.ts';
import { commands } from '../../view/contributions.ts';
import { type ChangeRemedy, changeFailure } from '../../view/endpoints/changeFailureText.ts';
import { changeQuestion, outcomeText, progressTitle } from '../../view/endpoints/changeTexts.ts';
import { findEndpoint, quotaShare, resumedPrice } from '../../view/endpoints/endpointFacts.ts';
import { pages } from '../../view/text/pages.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { notify } from '../core/notify.ts';
import type { Core } from '../core/startCore.ts';
import { makeToken } from '../signIn/signIn.ts';
import { openLogsOf } from './endpointCommands.ts';
import { pickEndpoint } from './pickEndpoint.ts';

/** A start usually takes minutes; after this the tree goes on alone. */
const patienceMinutes = 10;

/** Asks with price and consequence, changes the endpoint, and follows it until its state is reached. */
export async function changeEndpoint(
  handle: CoreHandle,
  action: EndpointAction,
  row: EndpointName | undefined,
): Promise<void> {
  const endpoint = await pickEndpoint(handle, row, pickTitle(action), action);
  if (endpoint && (await agrees(handle, endpoint, action))) await change(handle, endpoint, action);
}

function pickTitle(action: EndpointAction): string {
  switch (action) {
    case 'pause':
      return l10n.t('Pause an Endpoint');
    case 'resume':
      return l10n.t('Resume an Endpoint');
    case 'scale-to-zero':
      return l10n.t('Scale an Endpoint to Zero');
  }
}

async function agrees(handle: CoreHandle, endpoint: Endpoint, action: EndpointAction): Promise<boolean> {
  const input = handle.viewInput();
  if (!input) return false;
  const { message, detail, label, isFull } = changeQuestion(endpoint, action, input);
  const more = l10n.t('Ask for more…');
  const options = { modal: true, detail };
  const chosen = await vscode.window.showWarningMessage(message, options, label, ...(isFull ? [more] : []));
  if (chosen === more) await askForMore(handle, endpoint);
  return chosen === label;
}

async function change(handle: CoreHandle, endpoint: Endpoint, action: EndpointAction): Promise<void> {
  const core = await handle.get();
  const control = core.service.endpoints;
  if (!control) return;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: progressTitle(action, endpoint),
    cancellable: true,
  };
  try {
    const outcome = await vscode.window.withProgress(options, async (progress, cancellation) => {
      const abort = new AbortController();
      cancellation.onCancellationRequested(() => abort.abort());
      let shown = '';
      const following = handle.onDidChange(input => {
        const state = stateText(findEndpoint(input, endpoint)?.state ?? '');
        if (state !== shown) progress.report({ message: state });
        shown = state;
      });
      try {
        const watch = { patienceMs: patienceMinutes * 60_000, signal: abort.signal };
        return await control.change(endpoint, action, watch);
      } finally {
        following.dispose();
      }
    });
    await showOutcome(handle, endpoint, action, outcome);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    await showFailure(handle, core, endpoint, error);
  }
}

async function showOutcome(
  handle: CoreHandle,
  before: Endpoint,
  action: EndpointAction,
  outcome: WatchOutcome,
): Promise<void> {
  const input = handle.viewInput();
  if (!input || outcome === 'cancelled') return;
  const after = findEndpoint(input, before) ?? before;
  const message = outcomeText(action, outcome, after, patienceMinutes, input);
  const logs = { [l10n.t('Logs')]: () => openLogsOf(after) };
  switch (outcome) {
    case 'failed':
      return await notify(vscode.window.showErrorMessage, message, logs);
    case 'still':
      return await notify(vscode.window.showWarningMessage, message, logs);
    case 'gone':
      return await notify(vscode.window.showInformationMessage, message, {});
    case 'reached':
      return await notify(vscode.window.showInformationMessage, message, undo(handle, after, action));
  }
}

/** The button that takes the change back; a start says its price first. A request alone wakes one at zero. */
function undo(
  handle: CoreHandle,
  after: Endpoint,
  action: EndpointAction,
): Readonly<Record<string, () => Promise<void>>> {
  if (action === 'scale-to-zero') return {};
  if (action === 'resume') return { [l10n.t('Pause again')]: () => change(handle, after, 'pause') };
  const input = handle.viewInput();
  const price = input && resumedPrice(after, input);
  return price === undefined
    ? { [l10n.t('Resume…')]: () => changeEndpoint(handle, 'resume', after) }
    : { [l10n.t('Resume at {0}', price)]: () => change(handle, after, 'resume') };
}

async function showFailure(
  handle: CoreHandle,
  core: Core,
  endpoint: Endpoint,
  error: HubError,
): Promise<void> {
  core.service.showWritten();
  const { message, remedy } = changeFailure(error, endpoint);
  const run = (command: string) => () => vscode.commands.executeCommand(command);
  const remedies: Readonly<Record<ChangeRemedy, readonly [string, () => unknown]>> = {
    'make-token': [l10n.t('Make a token that can'), () => makeToken(core, [endpointsPermission.permission])],
    'sign-in': [l10n.t('Sign in again'), run(commands.signIn)],
    'ask-for-more': [l10n.t('Ask for more…'), () => askForMore(handle, endpoint)],
    'resource-groups': [
      l10n.t('Read about resource groups'),
      () => vscode.commands.executeCommand(commands.openPage, pages.resourceGroups),
    ],
    billing: [l10n.t('Open billing page'), run(commands.openBilling)],
    refresh: [l10n.t('Refresh'), run(commands.refresh)],
    log: [l10n.t('Show log'), run(commands.showLog)],
  };
  const [label, act] = remedies[remedy];
  await notify(vscode.window.showErrorMessage, message, { [label]: act });
}

async function askForMore(handle: CoreHandle, endpoint: Endpoint): Promise<void> {
  const input = handle.viewInput();
  const compute = input && quotaShare(endpoint, input)?.compute;
  const quota = compute
    ? ({ kind: 'endpoint-hardware', of: compute.namespace, id: compute.id } as const)
    : ({ kind: 'endpoints' } as const);
  await vscode.commands.executeCommand(commands.askForMore, formatQuota(quota));
}
