import * as l10n from '@vscode/l10n';
import type { CountedSpan } from '../../limits/requests/countedSpan.ts';
import { requestsText } from '../text/counts.ts';
import { exactUsd } from '../text/exactUsd.ts';
import { costText } from '../tree/gatewayUseRow.ts';
import { type Bin, utcBins } from './bins.ts';
import { countCell, dash, names, numbers, textCell, usdCell } from './cells.ts';
import type { DashboardInput } from './dashboardInput.ts';
import type { Panel, Table } from './dashboardState.ts';
import { requestNames } from './requestNames.ts';
import { type Amount, binOf, splitOf } from './series.ts';
import { countedNote, countedProblem, utcClock } from './sourceNotes.ts';
import { type Sums, sumOf } from './sums.ts';

/** Rows of one kind of name. The rest is one row. */
const mostRows = 100;

/** Spend by day, provider, model, folder and payer, as gateways counted it. */
export function spendPanel(input: DashboardInput): Panel {
  const { range, now, locale, counted } = input;
  const bins = utcBins(range, now, locale);
  const within = counted.spans.filter(span => binOf(bins, span) >= 0);
  const all = sumOf(within.flatMap(({ totals }) => totals));
  const ways = waysToSplit(input);
  const knownFrom = counted.hours?.oldest;
  const splits = ways.map(({ id, label, labelOf, amounts }) =>
    splitOf({ id, label, bins, counted, labelOf, amounts: amounts(cost), knownFrom }),
  );
  const problem = countedProblem(input);
  return {
    id: 'spend',
    title: l10n.t('Spend'),
    summary: summaryOf(all, input),
    source: 'counted-here',
    note: countedNote(utcClock()),
    ...(problem !== undefined && { problem }),
    chart: { kind: 'bins', unit: 'nano-usd', bins, splits },
    table: {
      columns: [
        names('by', l10n.t('By')),
        names('name', l10n.t('Name')),
        numbers('requests', l10n.t('Requests')),
        numbers('cost_nano_usd', l10n.t('Cost')),
        numbers('requests_of_unknown_cost', l10n.t('Of unknown cost')),
      ],
      rows: [...dayRows(bins, input), ...ways.flatMap(way => nameRows(way, within, locale))],
    },
  };
}

type Read = (sums: Pick<Sums, 'requests' | 'costNanoUsd' | 'uncosted'>) => number;
const cost: Read = ({ costNanoUsd }) => costNanoUsd;
const requests: Read = sums => sums.requests;
const uncosted: Read = sums => sums.uncosted;

interface Way {
  readonly id: string;
  readonly label: string;
  readonly labelOf: (name: string) => string;
  readonly amounts: (read: Read) => (span: CountedSpan) => Amount[];
}

function waysToSplit(input: DashboardInput): Way[] {
  const { provider, model, folder, payer } = requestNames(input);
  const of = (key: 'provider' | 'model' | 'billedTo') => (read: Read) => (span: CountedSpan) =>
    span.totals.map((total): Amount => [total[key] ?? '', read(total)]);
  return [
    { id: 'provider', label: l10n.t('Provider'), labelOf: provider, amounts: of('provider') },
    { id: 'model', label: l10n.t('Model'), labelOf: model, amounts: of('model') },
    { id: 'folder', label: l10n.t('Folder'), labelOf: folder, amounts: byFolder },
    { id: 'payer', label: l10n.t('Payer'), labelOf: payer, amounts: of('billedTo') },
  ];
}

/** What no folder's sum has is of none, or was counted by an older version. */
function byFolder(read: Read): (span: CountedSpan) => Amount[] {
  return ({ totals, workspaces }) => {
    const named = workspaces.map((total): Amount => [total.workspace, read(total)]);
    const whole = totals.reduce((sum, total) => sum + read(total), 0);
    return [...named, ['', Math.max(0, whole - named.reduce((sum, [, value]) => sum + value, 0))]];
  };
}

function dayRows(bins: readonly Bin[], { counted, range, locale }: DashboardInput): Table['rows'] {
  const by = textCell(
    range === 'year' ? l10n.t('Month') : range === '90-days' ? l10n.t('Week') : l10n.t('Day'),
  );
  return bins.map((bin, index) => {
    const spans = counted.spans.filter(span => binOf(bins, span) === index);
    const known = bin.until > (counted.hours?.oldest ?? Infinity);
    const sums = sumOf(spans.flatMap(({ totals }) => totals));
    const amounts = known
      ? [
          countCell(sums.requests, locale),
          usdCell(sums.costNanoUsd, locale),
          countCell(sums.uncosted, locale),
        ]
      : [dash, dash, dash];
    return [by, { text: bin.label, value: new Date(bin.from).toISOString().slice(0, 10) }, ...amounts];
  });
}

function nameRows({ label, labelOf, amounts }: Way, spans: readonly CountedSpan[], locale: string) {
  const [costs, counts, unknown] = [cost, requests, uncosted].map(read => totalsBy(spans, amounts(read)));
  const sorted = [...(costs ?? [])].filter(([name, nanoUsd]) => nanoUsd > 0 || (counts?.get(name) ?? 0) > 0);
  sorted.sort((a, b) => b[1] - a[1] || (counts?.get(b[0]) ?? 0) - (counts?.get(a[0]) ?? 0));
  const row = (name: string, of: readonly string[]) => {
    const sum = (by: Map<string, number> | undefined) =>
      of.reduce((all, one) => all + (by?.get(one) ?? 0), 0);
    return [
      textCell(label),
      textCell(name),
      countCell(sum(counts), locale),
      usdCell(sum(costs), locale),
      countCell(sum(unknown), locale),
    ];
  };
  const shown = sorted.slice(0, mostRows).map(([name]) => row(labelOf(name), [name]));
  const rest = sorted.slice(mostRows).map(([name]) => name);
  return rest.length === 0 ? shown : [...shown, row(l10n.t('others'), rest)];
}

function totalsBy(spans: readonly CountedSpan[], amounts: (span: CountedSpan) => readonly Amount[]) {
  const totals = new Map<string, number>();
  for (const span of spans) {
    for (const [name, value] of amounts(span)) totals.set(name, (totals.get(name) ?? 0) + value);
  }
  return totals;
}

/** `About $0.42 in 41 requests. Today in this folder, since midnight here: about $0.07.` */
function summaryOf(all: Sums, { locale, today }: DashboardInput): string {
  if (all.requests === 0) return l10n.t('No requests went through the gateway in this time.');
  const spent = l10n.t(
    '{0} for {1}.',
    costText(all, exactUsd(all.costNanoUsd, locale), locale),
    requestsText(all.requests, locale),
  );
  if (!today || today.requests === 0) return spent;
  const here = costText(today, exactUsd(today.costNanoUsd, locale), locale);
  return `${spent} ${l10n.t('Today in this folder, since midnight here: {0}.', here)}`;
}
