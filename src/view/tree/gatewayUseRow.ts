import * as l10n from '@vscode/l10n';
import { type BillingProfile, parseProfile, personalProfile } from '../../billing/profile.ts';
import { providerName } from '../../billing/providers.ts';
import type { Account } from '../../limits/account/account.ts';
import { monthStart } from '../../limits/account/credits.ts';
import { formatUsd } from '../../limits/account/money.ts';
import type { TallyTotal } from '../../limits/requests/requestTally.ts';
import { payerIcon, payerName } from '../billing/payerText.ts';
import { rowKinds } from '../contributions.ts';
import { byLocale } from '../text/byLocale.ts';
import { formatCount } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { oneLine } from '../text/plainText.ts';
import { spokenUsd } from '../text/spoken.ts';
import { monthText } from '../text/times.ts';
import type { FaceInput } from '../viewInput.ts';
import { requestsText } from './spendRows.ts';
import { branch, idSegment, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

/** What went through the gateway in one month. */
export interface GatewayUse {
  /** The start of that month by Hugging Face's clock, epoch ms. */
  readonly since: number;
  /** What the ledger's `tallyTotals` tells of it. */
  readonly totals: readonly TallyTotal[];
}

type Sums = Omit<TallyTotal, 'billedTo' | 'provider' | 'model'>;

/** From here on tokens are told in thousands or millions. */
const manyTokens = 100_000;

/** The month's requests, tokens and estimated cost, by payer and below that by model. Nothing without requests. */
export function gatewayUseRow(parentId: string, input: FaceInput): TreeNode[] {
  const { options, serverNow, locale } = input;
  const { since, totals = [] } = options.gatewayUse ?? {};
  if (since === undefined || totals.length === 0) return [];
  const id = `${parentId}/gateway`;
  const month = monthText(since, locale);
  const byPayer = [...Map.groupBy(totals, ({ billedTo }) => billedTo)].map(([billedTo, own]) => ({
    billedTo,
    own,
    sums: sumOf(own),
  }));
  const payers = byPayer
    .sort((one, other) => byAmount(one.sums, other.sums))
    .map(({ billedTo, own, sums }) => payerUseRow(id, billedTo, own, sums, input));
  const row = {
    id,
    label:
      since === monthStart(serverNow)
        ? l10n.t('Through the gateway')
        : l10n.t('Through the gateway in {0}', month),
    kind: rowKinds.value,
    ...texts(sumOf(totals), locale),
    icon: { id: 'server-process' },
    tooltip: () =>
      escapeMarkdown(
        l10n.t(
          'Requests that Headroom’s gateway forwarded in {0}. The tokens are those that the providers told; the cost is estimated from list prices, and what is billed may differ.',
          month,
        ),
      ),
  };
  return [branch(row, false, withUniqueIds(payers))];
}

function payerUseRow(
  parentId: string,
  billedTo: string,
  totals: readonly TallyTotal[],
  sums: Sums,
  { snapshot, locale }: FaceInput,
): TreeNode {
  const id = `${parentId}/${idSegment(billedTo)}`;
  const models = [...totals].sort(byAmount).map(total => modelRow(id, total, locale));
  const { name, icon } = payerOf(billedTo, snapshot.account.value);
  const row = {
    id,
    label: name,
    kind: rowKinds.value,
    ...texts(sums, locale),
    icon: { id: icon },
    tooltip: () => tokensTooltip(sums, locale),
  };
  return branch(row, false, withUniqueIds(models));
}

function modelRow(parentId: string, total: TallyTotal, locale: string): TreeNode {
  const { provider, model } = total;
  const providerLabel = provider === undefined ? undefined : oneLine(providerName(provider), 40);
  const { description, spoken } = texts(total, locale);
  const behind = model === undefined || providerLabel === undefined ? '' : `${providerLabel} · `;
  return leaf({
    id: `${parentId}/${idSegment(provider ?? '')}/${idSegment(model ?? '')}`,
    label: model === undefined ? (providerLabel ?? l10n.t('Other requests')) : oneLine(model),
    kind: rowKinds.value,
    description: `${behind}${description}`,
    spoken: `${behind}${spoken}`,
    tooltip: () => tokensTooltip(total, locale),
  });
}

/** A caller's own token pays for itself, unless a profile was put on top of it. */
function payerOf(billedTo: string, account: Account | undefined): { name: string; icon: string } {
  if (billedTo === 'anonymous') return { name: l10n.t('nobody, without a token'), icon: 'circle-slash' };
  const [, ownToken, text = ''] = /^(own-token\+?)?(.*)$/s.exec(billedTo) ?? [];
  const profile: BillingProfile | undefined = ownToken && text === '' ? personalProfile : parseProfile(text);
  if (!profile) return { name: oneLine(billedTo), icon: 'question' };
  const name = payerName(profile, account);
  if (!ownToken) return { name, icon: payerIcon(profile) };
  const label =
    text === '' ? l10n.t('the program’s own token') : l10n.t('{0}, by the program’s own token', name);
  return { name: label, icon: payerIcon(profile) };
}

function texts(sums: Sums, locale: string): { description: string; spoken: string } {
  const { requests, refused, promptTokens, completionTokens } = sums;
  const tokens = promptTokens + completionTokens;
  const facts = [
    requestsText(requests, locale),
    refused === 0 ? '' : l10n.t('{0} refused', formatCount(refused, locale)),
    tokens === 0 ? '' : tokensText(tokens, locale),
  ];
  const text = (formatted: string) =>
    [...facts, costText(sums, formatted, locale)].filter(Boolean).join(' · ');
  return {
    description: text(formatUsd(sums.costNanoUsd, locale)),
    spoken: text(spokenUsd(sums.costNanoUsd, locale)),
  };
}

/** `about $1.02 + 3 of unknown cost`. A cost of 0 is told only where that is known of every request. */
function costText({ costNanoUsd, uncosted }: Sums, formatted: string, locale: string): string {
  const about = l10n.t('about {0}', formatted);
  if (uncosted === 0) return costNanoUsd === 0 ? formatted : about;
  const unknown = l10n.t('{0} of unknown cost', formatCount(uncosted, locale));
  return costNanoUsd === 0 ? unknown : `${about} + ${unknown}`;
}

function tokensText(tokens: number, locale: string): string {
  if (tokens === 1) return l10n.t('1 token');
  const count = tokens < manyTokens ? formatCount(tokens, locale) : compactCount(locale).format(tokens);
  return l10n.t('{0} tokens', count);
}

/** Markdown. */
function tokensTooltip({ promptTokens, completionTokens }: Sums, locale: string): string {
  if (promptTokens + completionTokens === 0) return l10n.t('No tokens were told.');
  return escapeMarkdown(
    l10n.t(
      'Tokens: {0} in, {1} out, as far as they were told.',
      formatCount(promptTokens, locale),
      formatCount(completionTokens, locale),
    ),
  );
}

function sumOf(totals: readonly TallyTotal[]): Sums {
  const sum = (amount: (total: TallyTotal) => number) =>
    totals.reduce((all, total) => all + amount(total), 0);
  return {
    requests: sum(total => total.requests),
    refused: sum(total => total.refused),
    promptTokens: sum(total => total.promptTokens),
    completionTokens: sum(total => total.completionTokens),
    costNanoUsd: sum(total => total.costNanoUsd),
    uncosted: sum(total => total.uncosted),
  };
}

/** What cost most comes first, then what was asked most. */
function byAmount(one: Sums, other: Sums): number {
  return other.costNanoUsd - one.costNanoUsd || other.requests - one.requests;
}

const compactCount = byLocale(
  locale => new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }),
);
