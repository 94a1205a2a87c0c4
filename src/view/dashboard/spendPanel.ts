import * as l10n from '@vscode/l10n';
import type { CountedSpan } from '../../limits/requests/countedSpan.ts';
import { formatCount, requestsText } from '../text/counts.ts';
import { exactUsd } from '../text/exactUsd.ts';
import type { Binned } from './binned.ts';
import { type Cell, countCell, dash, names, numbers, textCell, usdCell } from './cells.ts';
import type { DashboardInput } from './dashboardInput.ts';
import type { Panel, Table } from './dashboardState.ts';
import { requestNames } from './requestNames.ts';
import { added, type Sums, spanSums, sumOf, sumsOf, type Way } from './requestSums.ts';
import { splitOf } from './series.ts';
import { countedNote, countedProblem, utcClock } from './sourceNotes.ts';
import { switchEvents, switchRows } from './switchEvents.ts';

/** Rows of one kind of name. The rest is one row. */
const mostRows = 100;

/** Spend by day, provider, model, folder and payer, as gateways counted it. */
export function spendPanel(input: DashboardInput, utc: Binned): Panel {
  const { locale, counted } = input;
  const ways = waysToSplit(input);
  const knownFrom = counted.hours?.oldest;
  const problem = countedProblem(input);
  return {
    id: 'spend',
    title: l10n.t('Spend'),
    summary: summaryOf(sumOf(utc.spans), input),
    ...detailOf(input),
    source: 'counted-here',
    note: countedNote(utcClock()),
    ...(problem !== undefined && { problem }),
    chart: {
      kind: 'bins',
      unit: 'nano-usd',
      bins: [...utc.bins],
      events: switchEvents(input),
      splits: ways.map(({ sums, ...way }) =>
        splitOf(utc, knownFrom, {
          ...way,
          addAmounts: (span, add) => {
            for (const [name, { costNanoUsd }] of sums([span])) add(name, costNanoUsd);
          },
        }),
      ),
    },
    table: {
      columns: [
        names('by', l10n.t('By')),
        names('name', l10n.t('Name')),
        numbers('requests', l10n.t('Requests')),
        numbers('cost_nano_usd', l10n.t('Cost')),
        numbers('requests_of_unknown_cost', l10n.t('Of unknown cost')),
      ],
      rows: [
        ...dayRows(utc, input),
        ...ways.flatMap(way => nameRows(way, utc.spans, locale)),
        ...switchRows(input),
      ],
    },
  };
}

type Spent = Pick<Sums, 'requests' | 'costNanoUsd' | 'uncosted'>;

interface SpendWay {
  readonly id: string;
  readonly label: string;
  readonly labelOf: (name: string) => string;
  readonly sums: (spans: readonly CountedSpan[]) => ReadonlyMap<string, Spent>;
}

function waysToSplit(input: DashboardInput): SpendWay[] {
  const { provider, model, folder, payer } = requestNames(input);
  const by = (way: Way) => (spans: readonly CountedSpan[]) =>
    spans.length === 1 && spans[0] ? spanSums(spans[0], way) : sumsOf(spans, way);
  return [
    { id: 'provider', label: l10n.t('Provider'), labelOf: provider, sums: by('provider') },
    { id: 'model', label: l10n.t('Model'), labelOf: model, sums: by('model') },
    { id: 'folder', label: l10n.t('Folder'), labelOf: folder, sums: folderSums },
    { id: 'payer', label: l10n.t('Payer'), labelOf: payer, sums: by('payer') },
  ];
}

/** Requests that no folder's sum has are of none, or were counted by an older version. */
function folderSums(spans: readonly CountedSpan[]): ReadonlyMap<string, Spent> {
  const sums = new Map<string, Spent>();
  const rest = { ...added(spans.flatMap(span => [...spanSums(span, 'all').values()])) };
  for (const { workspace, requests, costNanoUsd, uncosted } of spans.flatMap(each => each.workspaces)) {
    const sum = sums.get(workspace) ?? { requests: 0, costNanoUsd: 0, uncosted: 0 };
    sums.set(workspace, {
      requests: sum.requests + requests,
      costNanoUsd: sum.costNanoUsd + costNanoUsd,
      uncosted: sum.uncosted + uncosted,
    });
  }
  const known = [...sums.values()];
  const missing = (read: (spent: Spent) => number) =>
    Math.max(0, read(rest) - known.reduce((sum, each) => sum + read(each), 0));
  return sums.set('', {
    requests: missing(({ requests }) => requests),
    costNanoUsd: missing(({ costNanoUsd }) => costNanoUsd),
    uncosted: missing(({ uncosted }) => uncosted),
  });
}

function dayRows({ bins, spansOf }: Binned, { counted, range, locale }: DashboardInput): Table['rows'] {
  const by = textCell(
    range === 'year' ? l10n.t('Month') : range === '90-days' ? l10n.t('Week') : l10n.t('Day'),
  );
  return bins.map(({ from, until, label }, index) => {
    const known = until > (counted.hours?.oldest ?? Infinity);
    const sums = added((spansOf[index] ?? []).flatMap(span => [...spanSums(span, 'all').values()]));
    const name = { text: label, value: new Date(from).toISOString().slice(0, 10) };
    return [by, name, ...(known ? spentCells(sums, locale) : [dash, dash, dash])];
  });
}

function nameRows({ label, labelOf, sums }: SpendWay, spans: readonly CountedSpan[], locale: string) {
  const by = textCell(label);
  const sorted = [...sums(spans)]
    .filter(([, { costNanoUsd, requests }]) => costNanoUsd + requests > 0)
    .sort(([, a], [, b]) => b.costNanoUsd - a.costNanoUsd || b.requests - a.requests);
  const shown = sorted
    .slice(0, mostRows)
    .map(([name, sum]) => [by, textCell(labelOf(name)), ...spentCells(sum, locale)]);
  const rest = sorted.slice(mostRows).map(([, sum]) => sum);
  if (rest.length === 0) return shown;
  const sum = (read: (spent: Spent) => number) => rest.reduce((all, each) => all + read(each), 0);
  const others = {
    requests: sum(({ requests }) => requests),
    costNanoUsd: sum(({ costNanoUsd }) => costNanoUsd),
    uncosted: sum(({ uncosted }) => uncosted),
  };
  return [...shown, [by, textCell(l10n.t('others')), ...spentCells(others, locale)]];
}

function spentCells({ requests, costNanoUsd, uncosted }: Spent, locale: string): Cell[] {
  return [countCell(requests, locale), usdCell(costNanoUsd, locale), countCell(uncosted, locale)];
}

/** `41 requests cost about $0.42.` */
function summaryOf(all: Sums, { locale }: DashboardInput): string {
  if (all.requests === 0) return l10n.t('No requests went through the gateway in this time.');
  const count = requestsText(all.requests, locale);
  const usd = exactUsd(all.costNanoUsd, locale);
  if (all.uncosted === 0) return l10n.t('{0} cost about {1}.', count, usd);
  const unknown = formatCount(all.uncosted, locale);
  return l10n.t('{0} cost about {1}; the cost of {2} is not known.', count, usd, unknown);
}

/** `Today, since midnight here, this folder cost about $0.07.` */
function detailOf({ locale, today }: DashboardInput): Pick<Panel, 'detail'> {
  if (!today || today.requests === 0) return {};
  const usd = exactUsd(today.costNanoUsd, locale);
  return { detail: l10n.t('Today, since midnight here, this folder cost about {0}.', usd) };
}
