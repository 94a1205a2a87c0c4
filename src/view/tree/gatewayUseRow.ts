import * as l10n from '@vscode/l10n';
import { providerName } from '../../billing/providers.ts';
import { monthStart } from '../../limits/account/credits.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { byLocale } from '../../limits/headers/memo.ts';
import type { TallyTotal, WorkspaceUse } from '../../limits/requests/requestTally.ts';
import { billedPayer } from '../billing/payerText.ts';
import { rowKinds } from '../contributions.ts';
import { formatCount, joined, requestsText } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { idSegment } from '../text/idSegment.ts';
import { oneLine } from '../text/plainText.ts';
import { spokenUsd } from '../text/spoken.ts';
import { monthText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { branch, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

type Sums = Omit<TallyTotal, 'billedTo' | 'provider' | 'model'>;

/** From here on tokens are in thousands or millions. */
const manyTokens = 100_000;
const centNanoUsd = 10_000_000;

/** The month's requests, tokens and estimated cost by payer and model; no row without requests. */
export function gatewayUseRow(parentId: string, input: ViewInput): TreeNode[] {
  const { serverNow, locale } = input;
  const { since, totals = [] } = input.gatewayUse ?? {};
  if (since === undefined || totals.length === 0) return [];
  const id = `${parentId}/gateway`;
  const month = monthText(since, locale);
  const payers = [...Map.groupBy(totals, ({ billedTo }) => billedTo)]
    .map(([billedTo, models]) => ({ ...sumOf(models), billedTo, models }))
    .sort(byAmount)
    .map(payer => payerUseRow(id, payer, input));
  const row = {
    id,
    label: since === monthStart(serverNow) ? l10n.t('Through the gateway') : l10n.t('Gateway in {0}', month),
    kind: rowKinds.value,
    ...texts(sumOf(totals), locale),
    icon: { id: 'server-process' },
    tooltip: () =>
      escapeMarkdown(
        l10n.t(
          'Requests that Headroom’s gateway forwarded in {0}. Providers reported the tokens; the cost is an estimate from list prices, and the bill may differ.',
          month,
        ),
      ),
  };
  return [branch(row, false, withUniqueIds(payers))];
}

interface PayerUse extends Sums {
  readonly billedTo: string;
  readonly models: readonly TallyTotal[];
}

function payerUseRow(parentId: string, payer: PayerUse, { snapshot, locale }: ViewInput): TreeNode {
  const id = `${parentId}/${idSegment(payer.billedTo)}`;
  const models = payer.models.toSorted(byAmount).map(total => modelRow(id, total, locale));
  const { name, icon } = billedPayer(payer.billedTo, snapshot.account.value);
  const row = {
    id,
    label: name,
    kind: rowKinds.value,
    ...texts(payer, locale),
    icon: { id: icon },
    tooltip: () => tokensTooltip(payer, locale),
  };
  return branch(row, false, withUniqueIds(models));
}

function modelRow(parentId: string, total: TallyTotal, locale: string): TreeNode {
  const { provider, model } = total;
  const providerLabel = provider === undefined ? undefined : oneLine(providerName(provider), 40);
  const { description, spoken } = texts(total, locale);
  const behind = model === undefined || providerLabel === undefined ? '' : ` · ${providerLabel}`;
  return leaf({
    id: `${parentId}/${idSegment(provider ?? '')}/${idSegment(model ?? '')}`,
    label: model === undefined ? (providerLabel ?? l10n.t('Other requests')) : oneLine(model),
    kind: rowKinds.value,
    description: `${description}${behind}`,
    spoken: `${spoken}${behind}`,
    tooltip: () => tokensTooltip(total, locale),
  });
}

function texts(sums: Sums, locale: string): { description: string; spoken: string } {
  const { requests, refused, promptTokens, completionTokens } = sums;
  const tokens = promptTokens + completionTokens;
  const facts = [
    requestsText(requests, locale),
    refused > 0 && l10n.t('{0} refused', formatCount(refused, locale)),
    tokens > 0 && tokensText(tokens, locale),
  ];
  const text = (formatted: string) => joined([...facts, costText(sums, formatted, locale)]);
  return {
    description: text(formatUsd(sums.costNanoUsd, locale)),
    spoken: text(spokenUsd(sums.costNanoUsd, locale)),
  };
}

/** `about $1.02 + 3 of unknown cost`, `cost unknown`. `$0.00` only when all costs are known. */
export function costText(
  { requests, refused = 0, costNanoUsd, uncosted }: WorkspaceUse & { readonly refused?: number },
  formatted: string,
  locale: string,
): string {
  // `<$0.01` is no estimate of an amount
  const about = costNanoUsd < centNanoUsd ? formatted : l10n.t('about {0}', formatted);
  if (uncosted === 0) return about;
  if (uncosted >= requests - refused) return l10n.t('cost unknown');
  const unknown = l10n.t('{0} of unknown cost', formatCount(uncosted, locale));
  return costNanoUsd === 0 ? unknown : `${about} + ${unknown}`;
}

/** `1,204 tokens`, `3.4M tokens`. */
export function tokensText(tokens: number, locale: string): string {
  if (tokens === 1) return l10n.t('1 token');
  const count = tokens < manyTokens ? formatCount(tokens, locale) : compactCount(locale).format(tokens);
  return l10n.t('{0} tokens', count);
}

/** Markdown. */
function tokensTooltip({ promptTokens, completionTokens }: Sums, locale: string): string {
  if (promptTokens + completionTokens === 0) return l10n.t('No provider reported tokens.');
  return escapeMarkdown(
    l10n.t(
      'Tokens: {0} in, {1} out, as far as reported.',
      formatCount(promptTokens, locale),
      formatCount(completionTokens, locale),
    ),
  );
}

function sumOf(totals: readonly TallyTotal[]): Sums {
  const sum = (key: keyof Sums) => totals.reduce((all, total) => all + total[key], 0);
  return {
    requests: sum('requests'),
    refused: sum('refused'),
    promptTokens: sum('promptTokens'),
    completionTokens: sum('completionTokens'),
    costNanoUsd: sum('costNanoUsd'),
    uncosted: sum('uncosted'),
  };
}

/** The highest cost first, then the most requests. */
function byAmount(one: Sums, other: Sums): number {
  return other.costNanoUsd - one.costNanoUsd || other.requests - one.requests;
}

const compactCount = byLocale(
  locale => new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }),
);
