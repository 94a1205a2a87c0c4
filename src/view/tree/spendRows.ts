import * as l10n from '@vscode/l10n';
import type { ProviderSpend } from '../../limits/account/credits.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { creditsFace } from '../account/creditsModel.ts';
import { single } from '../account/parts.ts';
import { rowKinds } from '../contributions.ts';
import { formatCount } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { spokenUsd } from '../text/spoken.ts';
import { monthText } from '../text/times.ts';
import type { FaceInput } from '../viewInput.ts';
import { freshness, withAge } from './partRows.ts';
import { branch, idSegment, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

/** The providers that took most come first. */
export function byAmount(spend: readonly ProviderSpend[]): ProviderSpend[] {
  return [...spend].sort((a, b) => b.nanoUsd - a.nanoUsd);
}

/** What was spent this month, by provider, and on other compute. Nothing while the credits are unknown. */
export function spendRows(parentId: string, input: FaceInput): TreeNode[] {
  const { snapshot, locale } = input;
  const credits = snapshot.credits.value;
  if (!credits) return [];
  const named = single('credits', snapshot.credits);
  const month = earlierMonthName(input);
  const aged = (text: string) => (month === undefined ? withAge(text, named, input) : text);
  const id = `${parentId}/spend`;
  const providers = byAmount(credits.byProvider).map(spend => providerRow(id, spend, month, locale));
  const requests = credits.requests === undefined ? '' : ` · ${requestsText(credits.requests, locale)}`;
  const row = {
    id,
    label: month === undefined ? l10n.t('Spend this month') : l10n.t('Spend in {0}', month),
    kind: rowKinds.value,
    description: aged(`${formatUsd(credits.usedNanoUsd, locale)}${requests}`),
    spoken: aged(`${spokenUsd(credits.usedNanoUsd, locale)}${requests}`),
    icon: { id: 'graph' },
    tooltip: () =>
      [
        l10n.t(
          'On Inference Providers. Each request is booked with a placeholder at first and settled some minutes later, so this can go down.',
        ),
        freshness(named, input),
      ].join('\n\n'),
    url: pages.spend,
  };
  return [branch(row, false, withUniqueIds(providers)), ...otherRows(parentId, month, input)];
}

/** `November` when the credits were last read then and that month is over. */
function earlierMonthName(input: FaceInput): string | undefined {
  const at = creditsFace(input)?.earlierMonth;
  return at === undefined ? undefined : monthText(at, input.locale);
}

/** `412 requests`, in a form that is right for every number. */
export function requestsText(requests: number, locale: string): string {
  return requests === 1 ? l10n.t('1 request') : l10n.t('{0} requests', formatCount(requests, locale));
}

function providerRow(
  parentId: string,
  { provider, nanoUsd, requests }: ProviderSpend,
  month: string | undefined,
  locale: string,
): TreeNode {
  const name = oneLine(provider);
  const asked = requests === undefined ? '' : ` · ${requestsText(requests, locale)}`;
  return leaf({
    id: `${parentId}/${idSegment(provider)}`,
    label: name,
    kind: rowKinds.value,
    description: `${formatUsd(nanoUsd, locale)}${asked}`,
    spoken: `${spokenUsd(nanoUsd, locale)}${asked}`,
    tooltip: () =>
      escapeMarkdown(
        month === undefined
          ? l10n.t('Spent through {0} this month.', name)
          : l10n.t('Spent through {0} in {1}.', name, month),
      ),
  });
}

function otherRows(parentId: string, month: string | undefined, { snapshot, locale }: FaceInput): TreeNode[] {
  const { jobs, spaces, endpoints, privateStorage } = snapshot.credits.value?.otherSpend ?? {};
  const id = `${parentId}/other`;
  const items: [key: string, label: string, nanoUsd: number | undefined][] = [
    // Jobs have a row of their own
    ['jobs', l10n.t('Jobs'), snapshot.jobs.value ? undefined : jobs],
    ['spaces', l10n.t('Spaces'), spaces],
    ['endpoints', l10n.t('Inference Endpoints'), endpoints],
    ['storage', l10n.t('Private storage'), privateStorage],
  ];
  const known = items.flatMap(([key, label, nanoUsd]) => (nanoUsd ? { key, label, nanoUsd } : []));
  if (known.length === 0) return [];
  const total = known.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0);
  const rows = known.map(({ key, label, nanoUsd }) =>
    leaf({
      id: `${id}/${key}`,
      label,
      kind: rowKinds.value,
      description: formatUsd(nanoUsd, locale),
      spoken: spokenUsd(nanoUsd, locale),
      tooltip: () => l10n.t('On PRO, Team and Enterprise this is taken from the same monthly credits.'),
    }),
  );
  const row = {
    id,
    label: month === undefined ? l10n.t('Other spend this month') : l10n.t('Other spend in {0}', month),
    kind: rowKinds.value,
    description: formatUsd(total, locale),
    spoken: spokenUsd(total, locale),
    icon: { id: 'graph' },
    tooltip: () => l10n.t('On PRO, Team and Enterprise this is taken from the same monthly credits.'),
    url: pages.billing,
  };
  return [branch(row, false, rows)];
}
