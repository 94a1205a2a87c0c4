import * as l10n from '@vscode/l10n';
import { formatCount, joined, requestsText } from '../text/counts.ts';
import { tokensText } from '../tree/gatewayUseRow.ts';
import type { Binned } from './binned.ts';
import { countCell, names, numbers, textCell, usdCell } from './cells.ts';
import type { DashboardInput } from './dashboardInput.ts';
import type { Panel, Table } from './dashboardState.ts';
import { requestNames } from './requestNames.ts';
import { added, offerOf, type Sums, spanSums, sumOf, sumsOf } from './requestSums.ts';
import { splitOf } from './series.ts';
import { countedNote, countedProblem, localClock } from './sourceNotes.ts';

/** Rows of the table. The rest is one row. */
const mostRows = 200;

/** Requests and tokens by provider and model. */
export function usePanel(input: DashboardInput, local: Binned): Panel {
  const { now, locale, counted } = input;
  const { provider, model } = requestNames(input);
  const split = (id: 'provider' | 'model', label: string, labelOf: (name: string) => string) =>
    splitOf(local, counted.hours?.oldest, {
      id,
      label,
      labelOf,
      addAmounts: (span, add) => {
        for (const [name, { requests }] of spanSums(span, id)) add(name, requests);
      },
    });
  const problem = countedProblem(input);
  return {
    id: 'use',
    title: l10n.t('Requests and tokens'),
    summary: summaryOf(sumOf(local.spans), locale),
    source: 'counted-here',
    note: countedNote(localClock(input, local.bins[0]?.from ?? now)),
    ...(problem !== undefined && { problem }),
    chart: {
      kind: 'bins',
      unit: 'requests',
      bins: [...local.bins],
      splits: [split('provider', l10n.t('Provider'), provider), split('model', l10n.t('Model'), model)],
    },
    table: tableOf(local, input),
  };
}

function tableOf({ spans }: Binned, input: DashboardInput): Table {
  const { locale } = input;
  const named = requestNames(input);
  const sums = [...sumsOf(spans, 'offer')];
  sums.sort(([, a], [, b]) => b.requests - a.requests || b.costNanoUsd - a.costNanoUsd);
  const row = (provider: string, model: string, sum: Sums) => [
    textCell(provider),
    textCell(model),
    countCell(sum.requests, locale),
    countCell(sum.refused, locale),
    countCell(sum.promptTokens, locale),
    countCell(sum.completionTokens, locale),
    usdCell(sum.costNanoUsd, locale),
    countCell(sum.uncosted, locale),
  ];
  const rows = sums.slice(0, mostRows).map(([name, sum]) => {
    const { provider, model } = offerOf(name);
    return row(named.provider(provider), named.model(model), sum);
  });
  const rest = sums.slice(mostRows).map(([, sum]) => sum);
  return {
    columns: [
      names('provider', l10n.t('Provider')),
      names('model', l10n.t('Model')),
      numbers('requests', l10n.t('Requests')),
      numbers('refused', l10n.t('Refused')),
      numbers('prompt_tokens', l10n.t('Tokens in')),
      numbers('completion_tokens', l10n.t('Tokens out')),
      numbers('cost_nano_usd', l10n.t('Cost')),
      numbers('requests_of_unknown_cost', l10n.t('Of unknown cost')),
    ],
    rows: rest.length === 0 ? rows : [...rows, row(l10n.t('others'), '–', added(rest))],
  };
}

/** `1,204 requests · 3.4M tokens in, 210,000 tokens out · 12 refused` */
function summaryOf(all: Sums, locale: string): string {
  if (all.requests === 0) return l10n.t('No requests went through the gateway in this time.');
  const hasTokens = all.promptTokens + all.completionTokens > 0;
  return joined([
    requestsText(all.requests, locale),
    hasTokens &&
      l10n.t(
        '{0} in, {1} out',
        tokensText(all.promptTokens, locale),
        tokensText(all.completionTokens, locale),
      ),
    all.refused > 0 && l10n.t('{0} refused', formatCount(all.refused, locale)),
  ]);
}
