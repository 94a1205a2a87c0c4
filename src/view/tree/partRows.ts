import * as l10n from '@vscode/l10n';
import { isNetworkProblem } from '../../account/problem.ts';
import { type NamedPart, partLabel } from '../account/parts.ts';
import { problemHeadline } from '../account/problemHeadline.ts';
import { problemText } from '../account/problemText.ts';
import { isOfEarlierMonth, isStale } from '../account/staleness.ts';
import type { Action } from '../action.ts';
import { commands, rowKinds } from '../contributions.ts';
import { commandLink, escapeMarkdown } from '../text/escapeMarkdown.ts';
import { ageText } from '../text/times.ts';
import type { FaceInput } from '../viewInput.ts';
import { colors, leaf, type TreeNode } from './treeNode.ts';

/** The row that says why a part is not fresh, and what to do. None while it is. */
export function problemRows(parentId: string, named: NamedPart, input: FaceInput): TreeNode[] {
  const { problem } = named.part;
  if (!problem) return [];
  const { sentence, action } = problemText(problem, named, input);
  const row = leaf({
    id: `${parentId}:problem`,
    label: problemHeadline(problem.kind),
    kind: rowKinds.problem,
    ...(action ? { description: action.label, action } : {}),
    icon: isNetworkProblem(problem.kind)
      ? { id: 'debug-disconnect' }
      : { id: 'warning', color: colors.warning },
    spoken: sentence,
    tooltip: () => [escapeMarkdown(sentence), action ? actionLink(action) : ''].filter(Boolean).join('\n\n'),
    copyValue: sentence,
  });
  return [row];
}

/** The description with the part's age after it once that is stale. */
export function withAge(description: string, named: NamedPart, input: FaceInput): string {
  const { now, locale } = input;
  const { asOf } = named.part;
  if (asOf === undefined || !isStale(named, input)) return description;
  const age = ageText(asOf, now, locale);
  return description === '' ? age : `${description} · ${age}`;
}

/** Markdown: how old the value is, and why it is not newer. */
export function freshness(named: NamedPart, input: FaceInput): string {
  const { now, locale } = input;
  const { asOf, problem } = named.part;
  const age = asOf === undefined ? '' : escapeMarkdown(l10n.t('Updated {0}.', ageText(asOf, now, locale)));
  const month = isOfEarlierMonth(named, input)
    ? l10n.t('Read in an earlier month: the credits have begun anew since.')
    : '';
  const why = problem ? escapeMarkdown(problemText(problem, named, input).sentence) : '';
  return [age, month, why].filter(Boolean).join(' ');
}

/** Markdown: why there is a dash. */
export function unknownReason(named: NamedPart, input: FaceInput): string {
  return freshness(named, input) || escapeMarkdown(l10n.t('{0}: not read yet.', partLabel(named)));
}

/** Markdown. */
export function actionLink(action: Action): string {
  const label = escapeMarkdown(action.label);
  return 'command' in action
    ? commandLink(label, action.command, action.argument)
    : commandLink(label, commands.openPage, action.url);
}
