import * as l10n from '@vscode/l10n';
import { isNetworkProblem } from '../../account/problem.ts';
import type { CreditsModel } from '../account/creditsModel.ts';
import { creditsText, spokenCredits } from '../account/creditsText.ts';
import { type NamedPart, partLabel } from '../account/parts.ts';
import { problemHeadline } from '../account/problemHeadline.ts';
import { problemText } from '../account/problemText.ts';
import { isOfEarlierMonth, isStale } from '../account/staleness.ts';
import type { Action } from '../action.ts';
import { commands, rowKinds } from '../contributions.ts';
import { colors } from '../text/colors.ts';
import { joined } from '../text/counts.ts';
import { commandLink, escapeMarkdown } from '../text/escapeMarkdown.ts';
import { ageText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { leaf, type RowOptions, type TreeNode } from './treeNode.ts';

/** A row with the part's problem and its remedy; none without a problem. */
export function problemRows(parentId: string, named: NamedPart, input: ViewInput): TreeNode[] {
  const { problem } = named;
  if (!problem) return [];
  const { sentence, action } = problemText(problem, named, input);
  const row = leaf({
    id: `${parentId}:problem`,
    label: problemHeadline(problem.kind),
    kind: rowKinds.problem,
    ...(action && { description: action.label, action }),
    icon: isNetworkProblem(problem.kind)
      ? { id: 'debug-disconnect' }
      : { id: 'warning', color: colors.warning },
    spoken: sentence,
    tooltip: () => paragraphs(escapeMarkdown(sentence), action && actionLink(action)),
    copyValue: sentence,
  });
  return [row];
}

/** A row's options while its part is not known: a dash, and why. */
export function unknownPart(named: NamedPart, input: ViewInput): Omit<RowOptions, 'id' | 'label'> {
  return {
    kind: rowKinds.unknown,
    description: '–',
    spoken: l10n.t('not known'),
    tooltip: () => freshness(named, input) || escapeMarkdown(l10n.t('{0}: not read yet.', partLabel(named))),
  };
}

/** A row's options with an amount of credits, and its age once it is stale. */
export function creditsFacts(
  credits: CreditsModel,
  named: NamedPart,
  input: ViewInput,
  resets = '',
): Pick<RowOptions, 'kind' | 'description' | 'spoken'> {
  const description = creditsText(credits, input.locale);
  const spoken = spokenCredits(credits, input.locale);
  if (credits.earlierMonth !== undefined) return { kind: rowKinds.unknown, description, spoken };
  const facts = (text: string) => withAge(joined([text, resets]), named, input);
  return { kind: rowKinds.value, description: facts(description), spoken: facts(spoken) };
}

/** Adds the part's age once it is stale. */
export function withAge(description: string, named: NamedPart, input: ViewInput): string {
  const { asOf } = named;
  if (asOf === undefined || !isStale(named, input)) return description;
  return joined([description, ageText(asOf, input.now, input.locale)]);
}

/** Markdown: the value's age, and why it is not newer. */
export function freshness(named: NamedPart, input: ViewInput): string {
  const { now, locale } = input;
  const { asOf, problem } = named;
  const age = asOf !== undefined && escapeMarkdown(l10n.t('Updated {0}.', ageText(asOf, now, locale)));
  const month =
    isOfEarlierMonth(named, input) && l10n.t('Read in an earlier month: the credits have begun anew since.');
  const why = problem && escapeMarkdown(problemText(problem, named, input).sentence);
  return [age, month, why].filter(Boolean).join(' ');
}

/** Markdown, without the empty paragraphs. */
export function paragraphs(...texts: (string | false | undefined)[]): string {
  return texts.filter(Boolean).join('\n\n');
}

/** Markdown. */
export function actionLink(action: Action): string {
  const label = escapeMarkdown(action.label);
  return 'command' in action
    ? commandLink(label, action.command, action.argument)
    : commandLink(label, commands.openPage, action.url);
}
