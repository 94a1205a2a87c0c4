import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { statusBarView } from '../view/status/statusBarModel.ts';
import { limitsView } from '../view/tree/treeModel.ts';
import { startAlertNotices } from './alerts/alertNotices.ts';
import { startBillingNotices } from './billing/billingNotices.ts';
import { continueOnce, continueToday, pauseAgain } from './billing/budgetCommands.ts';
import { startBudgetNotices } from './billing/budgetNotices.ts';
import { copySnippet } from './billing/copySnippet.ts';
import { manageProviderKeys } from './billing/manageProviderKeys.ts';
import { setBudget } from './billing/setBudget.ts';
import {
  billOrganization,
  switchBilling,
  useHuggingFaceBilling,
  useProviderKey,
} from './billing/switchBilling.ts';
import { verifyBilling } from './billing/verifyBilling.ts';
import type { CoreHandle } from './core/coreHandle.ts';
import { startCore, whyNotStarted } from './core/startCore.ts';
import { changeEndpoint } from './endpoints/changeEndpoint.ts';
import {
  copyEndpointSnippet,
  copyEndpointUrl,
  openEndpoint,
  openEndpointLogs,
} from './endpoints/endpointCommands.ts';
import { cancelHeld, releaseHeld } from './gateway/heldCommands.ts';
import { startPrograms } from './programs/programs.ts';
import { askForMore } from './quota/askForMore.ts';
import { explainText } from './refusals/explainCommand.ts';
import { helpWithRefusal } from './refusals/helpWithRefusal.ts';
import {
  clearRefusals,
  copyRefusal,
  filterRefusals,
  openRefusal,
  refusalText,
} from './refusals/refusalCommands.ts';
import { startSessionNotices } from './signIn/sessionNotices.ts';
import { makeToken, signIn } from './signIn/signIn.ts';
import { signOut, switchAccount } from './signIn/switchAccount.ts';
import { showActions } from './views/actionMenu.ts';

// entry of a bundle of its own, which has its own copy of l10n
if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });

/** Notices about the session, the payer, limits and refusals. */
function startNotices(core: CoreHandle, log: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.Disposable.from(
    startSessionNotices(core),
    startBillingNotices(core, log),
    startAlertNotices(core, log),
    startBudgetNotices(core),
  );
}

/** A chunk of its own: nothing of the dashboard loads before it is opened. */
async function openDashboard(extension: vscode.Uri, core: CoreHandle, log: vscode.LogOutputChannel) {
  const { Dashboard } = await import('./dashboard/dashboard.ts');
  return new Dashboard(extension, core, log);
}

/** Modules that load after `activate()` has returned; `later()` in commands.ts imports them. */
export const later = {
  askForMore,
  billOrganization,
  cancelHeld,
  changeEndpoint,
  clearRefusals,
  continueOnce,
  continueToday,
  copyEndpointSnippet,
  copyEndpointUrl,
  copyRefusal,
  copySnippet,
  explainText,
  filterRefusals,
  helpWithRefusal,
  limitsView,
  makeToken,
  manageProviderKeys,
  openDashboard,
  openEndpoint,
  openEndpointLogs,
  openRefusal,
  pauseAgain,
  refusalText,
  releaseHeld,
  setBudget,
  showActions,
  signIn,
  signOut,
  startNotices,
  startCore,
  startPrograms,
  statusBarView,
  switchAccount,
  switchBilling,
  useHuggingFaceBilling,
  useProviderKey,
  verifyBilling,
  whyNotStarted,
};
