import * as l10n from '@vscode/l10n';
import type { NamedPart } from '../account/parts.ts';
import { problemText } from '../account/problemText.ts';
import { isStale } from '../account/staleness.ts';
import { commands } from '../contributions.ts';
import { pages } from '../text/pages.ts';
import { ageText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import type { DashboardAction, Panel } from './dashboardState.ts';

/** By command or address: a page can run no other one. */
const actions = new Map<string, DashboardAction>([
  [commands.signIn, 'sign-in'],
  [commands.openBilling, 'open-billing'],
  [commands.refresh, 'refresh'],
  [commands.makeToken, 'make-token'],
  [commands.showLog, 'show-log'],
  [pages.tokens, 'open-token-page'],
  [pages.status, 'open-status-page'],
]);

/** Why a panel's parts are missing or old, and what mends the first of them; empty when nothing is wrong. */
export function partsProblem(
  parts: readonly NamedPart[],
  input: ViewInput,
): Pick<Panel, 'problem' | 'action'> {
  if (!input.snapshot.session) {
    return {
      problem: l10n.t('Sign in to see what Hugging Face says of your account.'),
      action: { id: 'sign-in', label: l10n.t('Sign in') },
    };
  }
  const failed = parts.find(({ problem }) => problem !== undefined);
  if (failed?.problem) {
    const { sentence, action } = problemText(failed.problem, failed, input);
    const more = parts.filter(({ problem }) => problem !== undefined).length - 1;
    const id = action && actions.get('command' in action ? action.command : action.url);
    return {
      problem: more === 0 ? sentence : `${sentence} ${l10n.t('{0} more could not be read.', more)}`,
      ...(action && id && { action: { id, label: action.label } }),
    };
  }
  const stale = parts.find(part => isStale(part, input));
  if (stale?.asOf === undefined) return {};
  const age = ageText(stale.asOf, input.now, input.locale);
  return {
    problem: l10n.t('The last answer is old: {0}.', age),
    action: { id: 'refresh', label: l10n.t('Refresh') },
  };
}
