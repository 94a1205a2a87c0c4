import * as l10n from '@vscode/l10n';
import type { Credits, ProviderSpend } from '../../limits/account/credits.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { type CreditsModel, creditsModel } from '../account/creditsModel.ts';
import { heldText } from '../account/creditsText.ts';
import { forecastSentences, monthTotalText } from '../account/forecastText.ts';
import { type NamedPart, single } from '../account/parts.ts';
import { rowKinds } from '../contributions.ts';
import { joined, requestsText } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { idSegment } from '../text/idSegment.ts';
import { pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { spokenUsd } from '../text/spoken.ts';
import { monthText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { freshness, paragraphs, staleAge } from './partRows.ts';
import { branch, leaf, type RowOptions, type TreeNode, withUniqueIds } from './treeNode.ts';

/** The largest amount first. */
function byAmount(spend: readonly ProviderSpend[]): ProviderSpend[] {
  return [...spend].sort((a, b) => b.nanoUsd - a.nanoUsd);
}

/** This month's spend by provider, and on other compute; no rows while the credits are unknown. */
export function spendRows(parentId: string, input: ViewInput): TreeNode[] {
  const named = single('credits', input.snapshot.credits);
  if (!named.value) return [];
  const model = creditsModel(input);
  const month = earlierMonthName(model, input);
  const row = spendRow(parentId, named, named.value, model, input, {
    age: month === undefined ? staleAge(named, input) : undefined,
    tooltip: () =>
      paragraphs(
        l10n.t(
          'On Inference Providers. Hugging Face books a placeholder for each request and settles it minutes later, so this can go down.',
        ),
        model && escapeMarkdown(forecastSentences(model, input).join(' ')),
        freshness(named, input),
      ),
    url: pages.spend,
  });
  return [row, ...otherRows(parentId, month, input)];
}

/** An organization's spend by provider, while it pays. */
export function payerSpendRow(
  parentId: string,
  named: NamedPart<Credits>,
  model: CreditsModel,
  input: ViewInput,
): TreeNode[] {
  if (!named.value) return [];
  return [spendRow(parentId, named, named.value, model, input, { tooltip: () => freshness(named, input) })];
}

function spendRow(
  parentId: string,
  named: NamedPart,
  credits: Credits,
  model: CreditsModel | undefined,
  input: ViewInput,
  more: Pick<RowOptions, 'tooltip' | 'age' | 'url'>,
): TreeNode {
  const id = `${parentId}/spend`;
  const month = earlierMonthName(model, input);
  const facts = spendFacts(credits, model, input.locale);
  const providers = byAmount(credits.byProvider).map(spend => providerRow(id, spend, month, named, input));
  const row = {
    id,
    label: month === undefined ? l10n.t('Spend this month') : l10n.t('Spend in {0}', month),
    kind: rowKinds.value,
    description: facts(formatUsd),
    spoken: facts(spokenUsd),
    icon: { id: 'graph' },
    ...more,
  };
  return branch(row, false, withUniqueIds(providers));
}

/** `$0.09 · about $0.30 by Dec 1 · 12 requests · $0.09 held`: Hugging Face counts as used what open requests hold. */
function spendFacts({ usedNanoUsd, requests }: Credits, model: CreditsModel | undefined, locale: string) {
  return (usd: typeof formatUsd) =>
    joined([
      usd(usedNanoUsd, locale),
      model && monthTotalText(model, usd, locale),
      requests !== undefined && requestsText(requests, locale),
      model && heldText(model, amount => usd(amount, locale)),
    ]);
}

/** `November`, when the credits are of that month and it is over. */
function earlierMonthName(model: CreditsModel | undefined, { locale }: ViewInput): string | undefined {
  return model?.earlierMonth === undefined ? undefined : monthText(model.earlierMonth, locale);
}

function providerRow(
  parentId: string,
  { provider, nanoUsd, requests }: ProviderSpend,
  month: string | undefined,
  named: NamedPart,
  input: ViewInput,
): TreeNode {
  const { locale } = input;
  const name = oneLine(provider);
  const count = requests === undefined ? '' : requestsText(requests, locale);
  return leaf({
    id: `${parentId}/${idSegment(provider)}`,
    label: name,
    kind: rowKinds.value,
    description: joined([formatUsd(nanoUsd, locale), count]),
    spoken: joined([spokenUsd(nanoUsd, locale), count]),
    tooltip: () =>
      paragraphs(
        escapeMarkdown(
          month === undefined
            ? l10n.t('Spent through {0} this month.', name)
            : l10n.t('Spent through {0} in {1}.', name, month),
        ),
        freshness(named, input),
      ),
  });
}

/** Spend on other compute that Hugging Face bills. */
function otherSpend(credits: Credits | undefined, withJobs: boolean) {
  const { jobs, spaces, endpoints, privateStorage } = credits?.otherSpend ?? {};
  return [
    { key: 'jobs', label: l10n.t('Jobs'), nanoUsd: withJobs && jobs },
    { key: 'spaces', label: l10n.t('Spaces'), nanoUsd: spaces },
    { key: 'endpoints', label: l10n.t('Inference Endpoints'), nanoUsd: endpoints },
    { key: 'storage', label: l10n.t('Private storage'), nanoUsd: privateStorage },
  ].flatMap(({ nanoUsd, ...named }) => (nanoUsd ? { ...named, nanoUsd } : []));
}

function otherRows(parentId: string, month: string | undefined, input: ViewInput): TreeNode[] {
  const { snapshot, locale } = input;
  const id = `${parentId}/other`;
  // once read, Jobs have their own row
  const known = otherSpend(snapshot.credits.value, snapshot.jobs.value === undefined);
  if (known.length === 0) return [];
  const total = known.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0);
  const amount = (nanoUsd: number) => ({
    kind: rowKinds.value,
    description: formatUsd(nanoUsd, locale),
    spoken: spokenUsd(nanoUsd, locale),
    tooltip: () =>
      paragraphs(
        l10n.t('On PRO, Team and Enterprise the same monthly credits pay this.'),
        freshness(single('credits', snapshot.credits), input),
      ),
  });
  const rows = known.map(({ key, label, nanoUsd }) =>
    leaf({ id: `${id}/${key}`, label, ...amount(nanoUsd) }),
  );
  const row = {
    id,
    label: month === undefined ? l10n.t('Other spend this month') : l10n.t('Other spend in {0}', month),
    ...amount(total),
    icon: { id: 'graph' },
    url: pages.billing,
  };
  return [branch(row, false, rows)];
}
