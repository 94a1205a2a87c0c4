import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Snapshot } from '../../account/snapshot.ts';
import type { Payer } from '../../billing/profile.ts';
import { type Held, waitingOf } from '../../view/account/heldRequests.ts';
import { waitingText } from '../../view/account/heldText.ts';
import type { Action } from '../../view/action.ts';
import { payerName, payingProfile } from '../../view/billing/payerText.ts';
import { type CommandId, commands } from '../../view/contributions.ts';
import { sessionProblemText } from '../../view/signIn/sessionProblemText.ts';

interface ActionItem extends vscode.QuickPickItem {
  readonly command: string;
  readonly argument?: string;
}

/** What a click on the status bar item opens: what can be done now, the likeliest first. */
export async function showActions(
  shown: { readonly snapshot: Snapshot; readonly payer: Payer } | undefined,
  held: readonly Held[],
): Promise<void> {
  const snapshot = shown?.snapshot;
  const payer = shown && payerName(payingProfile(shown.payer), snapshot?.account.value);
  const switching = item('arrow-swap', l10n.t('Switch billing…'), commands.switchBilling, payer);
  const items: ActionItem[] = snapshot?.session
    ? [
        switching,
        ...waiting(held),
        item('list-tree', l10n.t('Show all limits'), commands.showLimits),
        item('refresh', l10n.t('Refresh'), commands.refresh),
        item('credit-card', l10n.t('Open billing page'), commands.openBilling),
        item('target', l10n.t('Set monthly budget…'), commands.setBudget),
        item('pass', l10n.t('Verify billing'), commands.verifyBilling),
        item('code', l10n.t('Copy request snippet…'), commands.copySnippet),
        item('terminal', l10n.t('New terminal with Headroom'), commands.newTerminal),
        item('key', l10n.t('Manage provider keys…'), commands.manageProviderKeys),
        item('account', l10n.t('Switch account…'), commands.switchAccount, snapshot.session.label),
        item('sign-out', l10n.t('Sign out'), commands.signOut),
        item('output', l10n.t('Show log'), commands.showLog),
      ]
    : [
        ...mending(snapshot),
        item('sign-in', l10n.t('Sign in to Hugging Face…'), commands.signIn),
        ...waiting(held),
        item('account', l10n.t('Switch account…'), commands.switchAccount),
        switching,
        item('output', l10n.t('Show log'), commands.showLog),
      ];
  const choice = await vscode.window.showQuickPick(items, { title: 'Headroom for Hugging Face' });
  if (choice)
    await vscode.commands.executeCommand(
      choice.command,
      ...(choice.argument === undefined ? [] : [choice.argument]),
    );
}

/** While requests wait in the gateway. */
function waiting(held: readonly Held[]): ActionItem[] {
  const now = Date.now();
  const waits = waitingOf(held, now);
  if (!waits) return [];
  const description = waitingText(waits, now, vscode.env.language);
  return [
    item('play', l10n.t('Release held requests…'), commands.releaseHeld, description),
    item('stop-circle', l10n.t('Cancel held requests…'), commands.cancelHeld, description),
  ];
}

/** What mends that nobody can be shown, besides signing in. */
function mending(snapshot: Snapshot | undefined): ActionItem[] {
  if (!snapshot?.sessionProblem) return [];
  const { icon, sentence, actions } = sessionProblemText(snapshot.sessionProblem);
  return actions.flatMap((action: Action) =>
    'command' in action && action.command !== commands.signIn
      ? [{ ...action, detail: sentence, iconPath: new vscode.ThemeIcon(icon) }]
      : [],
  );
}

function item(icon: string, label: string, command: CommandId, description?: string): ActionItem {
  return { label, command, description, iconPath: new vscode.ThemeIcon(icon) };
}
