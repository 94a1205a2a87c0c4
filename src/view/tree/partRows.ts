import * as l10n from '@vscode/l10n';
import { isNetworkProblem } from '../../account/problem.ts';
import type { Problem } from '../../account/snapshot.ts';
import { formatUsd } from '../../limits/account/money.ts';
import type { CreditsModel } from '../account/creditsModel.ts';
import { creditsText, spendingLimitText, spokenCredits } from '../account/creditsText.ts';
import { type NamedPart, partLabel } from '../account/parts.ts';
import { problemHeadline } from '../account/problemHeadline.ts';
import { problemText } from '../account/problemText.ts';
import { isOfEarlierMonth, isStale } from '../account/staleness.ts';
import type { Action } from '../action.ts';
import { commands, rowKinds } from '../contributions.ts';
import { colors } from '../text/colors.ts';
import { joined } from '../text/counts.ts';
import { commandLink, escapeMarkdown } from '../text/escapeMarkdown.ts';
import { oneLine } from '../text/plainText.ts';
import { spokenUsd } from '../text/spoken.ts';
import { ageText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { leaf, type RowOptions, type TreeNode } from './treeNode.ts';

/**
 * A row with the part's problem and its remedy; none without a problem, or where the credits' row tells the same.
 * `owners`: of several parts, named first.
 */
export function problemRows(
  parentId: string,
  named: NamedPart,
  input: ViewInput,
  owners?: string,
): TreeNode[] {
  const { problem, kind } = named;
  if (!problem || ((kind === 'jobs' || kind === 'gauges') && lacksBilling(problem, input))) return [];
  const { sentence, action } = problemText(problem, named, input);
  const headline =
    kind === 'credits' && lacksBilling(problem, input)
      ? l10n.t('This token may not read billing')
      : problemHeadline(problem.kind);
  const row = leaf({
    id: owners === undefined ? `${parentId}:problem` : `${parentId}:${problem.kind}`,
    label: owners === undefined ? headline : `${owners}: ${headline}`,
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

/** A row for each kind of problem of a section's namespaces, and one for those that were not read yet. */
export function namespaceProblems(
  sectionId: string,
  parts: readonly NamedPart[],
  input: ViewInput,
): TreeNode[] {
  const missing = parts.filter(({ problem, value }) => problem !== undefined || value === undefined);
  const groups = Map.groupBy(missing, ({ problem }) => problem?.kind ?? '');
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const name = oneLine(first.of ?? '', 40);
    const owners = others.length === 0 ? name : l10n.t('{0} and {1} more', name, others.length);
    if (first.problem) return problemRows(sectionId, first, input, owners);
    return [
      leaf({
        id: `${sectionId}:unread`,
        label: owners,
        icon: { id: 'sync' },
        ...unknownPart(first, input),
      }),
    ];
  });
}

function lacksBilling({ kind }: Problem, { snapshot }: ViewInput): boolean {
  return kind === 'missing-permission' && snapshot.credits.problem?.kind === kind;
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
): Pick<RowOptions, 'kind' | 'description' | 'spoken' | 'age'> {
  const description = creditsText(credits, input.locale);
  const spoken = spokenCredits(credits, input.locale);
  if (credits.earlierMonth !== undefined) return { kind: rowKinds.unknown, description, spoken };
  const limit = (usd: typeof formatUsd) => spendingLimitText(credits, amount => usd(amount, input.locale));
  return {
    kind: rowKinds.value,
    description: joined([description, limit(formatUsd), resets]),
    spoken: joined([spoken, limit(spokenUsd), resets]),
    age: staleAge(named, input),
  };
}

/** Adds the part's age once it is stale. */
export function withAge(description: string, named: NamedPart, input: ViewInput): string {
  return joined([description, staleAge(named, input)]);
}

/** `3 h ago`; undefined: the part is not stale. */
export function staleAge(named: NamedPart, input: ViewInput): string | undefined {
  const { asOf } = named;
  if (asOf === undefined || !isStale(named, input)) return undefined;
  return ageText(asOf, input.now, input.locale);
}

/** Markdown: where the value comes from, its age, and why it is not newer. */
export function freshness(named: NamedPart, input: ViewInput): string {
  const { now, locale } = input;
  const { asOf, problem } = named;
  const age =
    asOf !== undefined && escapeMarkdown(l10n.t('From Hugging Face, {0}.', ageText(asOf, now, locale)));
  const month =
    isOfEarlierMonth(named, input) && l10n.t('Read in an earlier month: the credits have begun anew since.');
  const why = problem && escapeMarkdown(problemText(problem, named, input).sentence);
  return [age, month, why].filter(Boolean).join(' ');
}

/** The same of a section's oldest part. */
export function oldestFreshness(parts: readonly NamedPart[], input: ViewInput): string {
  const [oldest] = parts.toSorted((one, other) => (one.asOf ?? 0) - (other.asOf ?? 0));
  return oldest ? freshness(oldest, input) : '';
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
