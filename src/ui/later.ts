import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { showActions } from './actionMenu.ts';
import { startBillingNotices } from './billingNotices.ts';
import { startBlockedNotices } from './blockedNotices.ts';
import { setBudget } from './budget.ts';
import { useHuggingFaceBilling } from './chooseBilling.ts';
import { copySnippet } from './copySnippet.ts';
import * as faces from './faces.ts';
import { cancelHeld, releaseHeld } from './heldCommands.ts';
import { startPrograms } from './programs.ts';
import { manageProviderKeys, useProviderKey } from './providerKeys.ts';
import { clearRefusals, copyRefusal, filterRefusals, openRefusal, refusalText } from './refusalCommands.ts';
import { signIn } from './signIn.ts';
import { startCore, whyNotStarted } from './startCore.ts';
import { signOut, switchAccount } from './switchAccount.ts';
import { billOrganization, switchBilling } from './switchBilling.ts';
import { verifyBilling } from './verifyBilling.ts';

// This is the entry of a bundle of its own, with an l10n of its own.
if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });

/** What the editor needs after `activate()` has returned. */
export const later = {
  billOrganization,
  cancelHeld,
  clearRefusals,
  copyRefusal,
  copySnippet,
  faces,
  filterRefusals,
  manageProviderKeys,
  openRefusal,
  refusalText,
  releaseHeld,
  setBudget,
  showActions,
  signIn,
  signOut,
  startBillingNotices,
  startBlockedNotices,
  startCore,
  startPrograms,
  switchAccount,
  switchBilling,
  useHuggingFaceBilling,
  useProviderKey,
  verifyBilling,
  whyNotStarted,
};
