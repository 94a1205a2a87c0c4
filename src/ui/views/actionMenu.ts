import * as l10n from '@vscode/l10n';
import type { SessionProblem } from '../../account/snapshot.ts';
import { payingProfile } from '../../billing/profile.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { pauseText } from '../../view/account/budgetText.ts';
import { heldTotal } from '../../view/account/heldRequests.ts';
import { heldTotalText } from '../../view/account/heldText.ts';
import type { Action } from '../../view/action.ts';
import { budgetsIn } from '../../view/billing/budgetChoice.ts';
import { payerName } from '../../view/billing/payerText.ts';
import { canWriteSnippet } from '../../view/billing/snippets.ts';
import { type CommandId, commands } from '../../view/contributions.ts';
import { sessionProblemText } from '../../view/signIn/sessionProblemText.ts';
import type { ViewInput } from '../../view/viewInput.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { focusEditor } from '../core/focusEditor.ts';
import { type PickItem, pick } from '../core/pick.ts';
import { runAction } from '../core/runAction.ts';

type ActionItem = PickItem<Action>;

/** The menu of the status bar item, the likeliest actions first; only those that can do something now. */
export async function showActions(core: CoreHandle): Promise<void> {
  await core.get().catch(() => undefined); // the menu says why it did not start
  const input = core.viewInput();
  const action = input && (await pick(actionItems(input), { title: 'Headroom for Hugging Face' }));
  if (!action) return;
  await focusEditor();
  await runAction(action);
}

function actionItems(input: ViewInput): ActionItem[] {
  const { session, sessionProblem, account } = input.snapshot;
  const payer = payerName(payingProfile(input.payer), account.value);
  const switching = item('arrow-swap', l10n.t('Switch billing…'), commands.switchBilling, payer);
  const log = item('output', l10n.t('Show log'), commands.showLog);
  if (session) {
    return [
      switching,
      ...budgetItems(input),
      ...heldItems(input),
      item('graph', l10n.t('Open dashboard'), commands.showDashboard),
      item('list-tree', l10n.t('Show all limits'), commands.showLimits),
      item('refresh', l10n.t('Refresh'), commands.refresh),
      item('credit-card', l10n.t('Open billing page'), commands.openBilling),
      item('target', l10n.t('Set budget…'), commands.setBudget),
      ...programItems(input),
      item('account', l10n.t('Switch account…'), commands.switchAccount, session.label),
      item('sign-out', l10n.t('Sign out'), commands.signOut),
      log,
    ];
  }
  if (sessionProblem?.kind === 'server-url') return [...remedies(sessionProblem), log];
  const paysByKey = payingProfile(input.payer).kind === 'provider-key';
  return [
    ...(sessionProblem
      ? remedies(sessionProblem)
      : [item('sign-in', l10n.t('Sign in to Hugging Face…'), commands.signIn)]),
    ...budgetItems(input),
    ...heldItems(input),
    switching,
    ...(paysByKey ? [item('target', l10n.t('Set budget…'), commands.setBudget), ...programItems(input)] : []),
    log,
  ];
}

function programItems({ payer }: ViewInput): ActionItem[] {
  const chats = canWriteSnippet({ profile: payingProfile(payer) });
  return [
    ...(chats
      ? [
          item('pass', l10n.t('Verify billing'), commands.verifyBilling),
          item('code', l10n.t('Copy request snippet…'), commands.copySnippet),
        ]
      : []),
    item('terminal', l10n.t('New terminal with Headroom'), commands.newTerminal),
    item('key', l10n.t('Manage provider keys…'), commands.manageProviderKeys),
  ];
}

function budgetItems(input: ViewInput): ActionItem[] {
  const usd = (nanoUsd: number) => formatUsd(nanoUsd, input.locale);
  const [budget] = [...budgetsIn('paused', undefined, input), ...budgetsIn('continues', undefined, input)];
  if (!budget) return [];
  const text = pauseText(budget, input, usd);
  return budget.state === 'paused'
    ? [
        item('debug-continue', l10n.t('Continue once'), commands.continueOnce, text),
        item('debug-continue', l10n.t('Continue until tomorrow'), commands.continueToday, text),
      ]
    : [item('debug-pause', l10n.t('Pause again'), commands.pauseAgain, text)];
}

function heldItems({ held, now, locale }: ViewInput): ActionItem[] {
  const total = heldTotal(held, now);
  if (!total) return [];
  const description = heldTotalText(total, now, locale);
  return [
    item('play', l10n.t('Release held requests…'), commands.releaseHeld, description),
    item('stop-circle', l10n.t('Cancel held requests…'), commands.cancelHeld, description),
  ];
}

function remedies(problem: SessionProblem): ActionItem[] {
  const { icon, sentence, actions } = sessionProblemText(problem);
  return actions.map(action => ({ icon, label: action.label, detail: sentence, value: action }));
}

function item(icon: string, label: string, command: CommandId, description?: string): ActionItem {
  return { icon, label, description, value: { label, command } };
}
