import * as l10n from '@vscode/l10n';
import { providerName } from '../../billing/providers.ts';
import { memoLast } from '../../limits/headers/memo.ts';
import { formatCount, joined } from '../text/counts.ts';
import { exactUsd } from '../text/exactUsd.ts';
import { oneLine } from '../text/plainText.ts';
import type { Binned } from './binned.ts';
import { countCell, dash, durationCell, names, numbers, textCell, usdCell } from './cells.ts';
import type { DashboardInput } from './dashboardInput.ts';
import type { Chart, Panel, Table } from './dashboardState.ts';
import { costsOf, type ModelCosts, type OfferCost, tokensByModel } from './offerCosts.ts';
import { sumsOf } from './requestSums.ts';
import { utcClock } from './sourceNotes.ts';

/** Models whose offers are listed, those with the most tokens. The sums are of all. */
const mostModels = 20;
const mostOffers = 8;
const nanoPerUsd = 1_000_000_000;

/** What the tokens of the models in use would cost at each provider, by the router's list. */
export function pricesPanel(input: DashboardInput, utc: Binned): Panel {
  const { locale, models, modelsProblem } = input;
  const listed = lastIndex([models], () => new Map((models ?? []).map(model => [model.id, model])));
  const used = tokensByModel(sumsOf(utc.spans, 'offer'));
  const costs = used.map(tokens => costsOf(tokens, listed));
  const comparable = costs.filter(({ usedNanoUsd }) => usedNanoUsd !== undefined);
  return {
    id: 'prices',
    title: l10n.t('What these models cost elsewhere'),
    summary: models ? summaryOf(comparable, used.length, locale) : l10n.t('No prices are known.'),
    ...(models && detailOf(used.length - comparable.length, used.length, locale)),
    source: 'hugging-face',
    note: joined([
      l10n.t('Prices and speeds from Hugging Face’s router, for the tokens that were counted here'),
      utcClock(),
    ]),
    ...(!models && {
      problem: joined([
        l10n.t('The router’s list of models and prices could not be loaded, or not yet.'),
        modelsProblem && oneLine(modelsProblem, 300),
      ]),
      action: { id: 'refresh' as const, label: l10n.t('Refresh') },
    }),
    ...(comparable.length > 0 && { chart: chartOf(comparable, locale) }),
    table: {
      columns: [
        names('model', l10n.t('Model')),
        names('provider', l10n.t('Provider')),
        numbers('nano_usd', l10n.t('These tokens')),
        numbers('nano_usd_per_million_prompt_tokens', l10n.t('Per million in')),
        numbers('nano_usd_per_million_completion_tokens', l10n.t('Per million out')),
        numbers('tokens_per_second', l10n.t('Tokens per second')),
        numbers('first_token_ms', l10n.t('First token')),
        names('remark', l10n.t('Remark')),
      ],
      rows: models ? costs.slice(0, mostModels).flatMap(each => rowsOf(each, locale)) : [],
    },
  };
}

const lastIndex = memoLast<ReadonlyMap<string, NonNullable<DashboardInput['models']>[number]>>();

function rowsOf({ model, offers }: ModelCosts, locale: string): Table['rows'] {
  if (offers.length === 0) {
    const why = textCell(l10n.t('the router does not list this model'));
    return [[textCell(model), dash, dash, dash, dash, dash, dash, why]];
  }
  return offers.slice(0, mostOffers).map(cost => {
    const { offer, nanoUsd } = cost;
    const { pricing, isFree } = offer;
    const perMillion = (usd: number | undefined) =>
      usdCell(isFree ? 0 : usd === undefined ? undefined : usd * nanoPerUsd, locale);
    return [
      textCell(model),
      textCell(oneLine(providerName(offer.provider), 40)),
      usdCell(nanoUsd, locale),
      perMillion(pricing?.input),
      perMillion(pricing?.output),
      countCell(offer.throughput, locale),
      durationCell(offer.firstTokenLatencyMs, locale),
      textCell(remarkOn(cost)),
    ];
  });
}

function remarkOn({ offer, nanoUsd, isUsed, isCheapest, isFastest }: OfferCost): string {
  return joined([
    isUsed && l10n.t('used'),
    isCheapest && l10n.t('cheapest'),
    isFastest && l10n.t('fastest'),
    offer.isFree && l10n.t('free for now'),
    nanoUsd === undefined && l10n.t('lists no price'),
    offer.status !== 'live' && l10n.t('does not answer now'),
  ]);
}

/** Undefined for a model without any priced offer that answers. */
function costOf({ offers }: ModelCosts, pick: (cost: OfferCost) => boolean): number | undefined {
  return offers.find(pick)?.nanoUsd;
}

/** The same models in each bar: those whose price is known wherever they were used. */
function chartOf(costs: readonly ModelCosts[], locale: string): Chart {
  const sum = (of: (cost: ModelCosts) => number | undefined) => sumOf(costs, of);
  const bars = [
    { id: 'used', label: l10n.t('the providers that answered'), value: sum(cost => cost.usedNanoUsd) },
    {
      id: 'cheapest',
      label: l10n.t('the cheapest providers'),
      value: sum(cost => costOf(cost, ({ isCheapest }) => isCheapest)),
    },
    {
      id: 'fastest',
      label: l10n.t('the fastest providers'),
      value: sum(cost => costOf(cost, ({ isFastest }) => isFastest)),
    },
  ];
  const rows = bars.map(bar => ({ ...bar, text: exactUsd(bar.value, locale) }));
  return { kind: 'amounts', unit: 'nano-usd', rows: rows.sort((a, b) => b.value - a.value) };
}

/** `At list prices these tokens cost $0.40 where they were used, and $0.12 at the cheapest providers.` */
function summaryOf(comparable: readonly ModelCosts[], models: number, locale: string): string {
  if (models === 0) return l10n.t('No tokens were counted in this time.');
  if (comparable.length === 0) return l10n.t('The price of these tokens is not known.');
  const usd = (of: (cost: ModelCosts) => number | undefined) => exactUsd(sumOf(comparable, of), locale);
  return l10n.t(
    'At list prices these tokens cost {0} where they were used, and {1} at the cheapest providers.',
    usd(cost => cost.usedNanoUsd),
    usd(cost => costOf(cost, ({ isCheapest }) => isCheapest)),
  );
}

/** What the sums leave out. */
function detailOf(without: number, models: number, locale: string): Pick<Panel, 'detail'> {
  if (without === 0) return {};
  const [left, all] = [formatCount(without, locale), formatCount(models, locale)];
  return {
    detail: l10n.t('Left out: {0} of {1} models, since a provider that answered lists no price.', left, all),
  };
}

/** What is not known of one offer counts as where it was used. */
function sumOf(costs: readonly ModelCosts[], of: (cost: ModelCosts) => number | undefined): number {
  return costs.reduce((all, cost) => all + (of(cost) ?? cost.usedNanoUsd ?? 0), 0);
}
