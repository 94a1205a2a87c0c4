import * as l10n from '@vscode/l10n';
import type { Snapshot } from '../../account/snapshot.ts';
import { payingProfile } from '../../billing/profile.ts';
import { heldTotal } from '../../view/account/heldRequests.ts';
import { heldTotalText } from '../../view/account/heldText.ts';
import type { Action } from '../../view/action.ts';
import { payerName } from '../../view/billing/payerText.ts';
import { type CommandId, commands } from '../../view/contributions.ts';
import { sessionProblemText } from '../../view/signIn/sessionProblemText.ts';
import type { ViewInput } from '../../view/viewInput.ts';
import { focusEditor } from '../core/focusEditor.ts';
import { type PickItem, pick } from '../core/pick.ts';
import { runAction } from '../core/runAction.ts';

type ActionItem = PickItem<Action>;

/** The menu of the status bar item, the likeliest actions first. `input` is undefined until the core has started. */
export async function showActions(input: ViewInput | undefined): Promise<void> {
  const snapshot = input?.snapshot;
  const payer = input && payerName(payingProfile(input.payer), snapshot?.account.value);
  const switching = item('arrow-swap', l10n.t('Switch billing…'), commands.switchBilling, payer);
  const items: ActionItem[] = snapshot?.session
    ? [
        switching,
        ...heldItems(input),
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
        ...remedies(snapshot),
        item('sign-in', l10n.t('Sign in to Hugging Face…'), commands.signIn),
        ...heldItems(input),
        item('account', l10n.t('Switch account…'), commands.switchAccount),
        switching,
        item('output', l10n.t('Show log'), commands.showLog),
      ];
  const action = await pick(items, { title: 'Headroom for Hugging Face' });
  if (!action) return;
  await focusEditor();
  await runAction(action);
}

function heldItems(input: ViewInput | undefined): ActionItem[] {
  const total = input && heldTotal(input.held, input.now);
  if (!total) return [];
  const description = heldTotalText(total, input.now, input.locale);
  return [
    item('play', l10n.t('Release held requests…'), commands.releaseHeld, description),
    item('stop-circle', l10n.t('Cancel held requests…'), commands.cancelHeld, description),
  ];
}

/** Remedies of a session problem, besides signing in. */
function remedies(snapshot: Snapshot | undefined): ActionItem[] {
  if (!snapshot?.sessionProblem) return [];
  const { icon, sentence, actions } = sessionProblemText(snapshot.sessionProblem);
  return actions.flatMap(action =>
    'command' in action && action.command !== commands.signIn
      ? [{ icon, label: action.label, detail: sentence, value: action }]
      : [],
  );
}

function item(icon: string, label: string, command: CommandId, description?: string): ActionItem {
  return { icon, label, description, value: { label, command } };
}
