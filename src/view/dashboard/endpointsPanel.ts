import * as l10n from '@vscode/l10n';
import { usdPerHour } from '../../limits/account/endpointCost.ts';
import type { Endpoint, HardwareQuota } from '../../limits/account/endpoints.ts';
import { memoLast } from '../../limits/headers/memo.ts';
import { costText, replicasText, totalCostText } from '../account/endpointCostText.ts';
import { isAsleep, isBroken, stateText } from '../account/endpointStateText.ts';
import { knownHardware } from '../account/knownHardware.ts';
import { byName, type NamedPart } from '../account/parts.ts';
import { isOfEarlierMonth } from '../account/staleness.ts';
import { formatCount, joined } from '../text/counts.ts';
import { exactUsd } from '../text/exactUsd.ts';
import { oneLine } from '../text/plainText.ts';
import { shownPrice } from '../text/prices.ts';
import { dash, names, numbers, textCell, usdCell } from './cells.ts';
import type { DashboardInput } from './dashboardInput.ts';
import type { Panel, Table } from './dashboardState.ts';
import { partsProblem } from './partsProblem.ts';
import { huggingFaceNote } from './sourceNotes.ts';

const mostBars = 20;
const mostRows = 50;
const nanoPerUsd = 1_000_000_000;

interface Priced {
  readonly endpoint: Endpoint;
  /** Undefined: Hugging Face sent no price or no count of replicas. */
  readonly usd: number | undefined;
}

/** Inference Endpoints: cost per hour of each, and of this month by namespace. */
export function endpointsPanel(input: DashboardInput): Panel {
  const { snapshot, locale } = input;
  const parts = byName('endpoints', snapshot.endpoints);
  const asOf = parts.flatMap(part => part.asOf ?? []);
  const months = Object.keys(snapshot.endpoints).map(namespace => monthNanoUsd(namespace, input));
  const key = [snapshot.endpoints, snapshot.hardware, locale, ...months];
  return {
    id: 'endpoints',
    title: l10n.t('Inference Endpoints'),
    source: 'hugging-face',
    note: huggingFaceNote(
      asOf.length === 0 ? undefined : Math.min(...asOf),
      input,
      l10n.t('cost per hour now, month in UTC'),
    ),
    ...partsProblem(parts, input),
    ...lastFigures(key, () => figuresOf(parts, months, input)),
  };
}

type Figures = Pick<Panel, 'summary' | 'chart' | 'table'>;

/** Hundreds of endpoints take a millisecond, and are read every few minutes. */
const lastFigures = memoLast<Figures>();

/** @param months what this month cost, by namespace; undefined: not known */
function figuresOf(
  parts: readonly NamedPart<readonly Endpoint[]>[],
  months: readonly (number | undefined)[],
  { snapshot, locale }: DashboardInput,
): Figures {
  const hardware = knownHardware(snapshot);
  const endpoints = parts
    .flatMap(({ value = [] }) => value)
    .map((endpoint): Priced => ({ endpoint, usd: usdPerHour(endpoint, hardware) }))
    .sort((a, b) => (b.usd ?? -1) - (a.usd ?? -1) || rank(a.endpoint) - rank(b.endpoint));
  return {
    summary: summaryOf(endpoints, months, hardware, locale),
    chart: { kind: 'amounts', unit: 'nano-usd', rows: barsOf(endpoints, hardware, locale) },
    table: {
      columns: [
        names('namespace', l10n.t('Namespace')),
        names('name', l10n.t('Name')),
        names('state', l10n.t('State')),
        names('replicas', l10n.t('Replicas')),
        numbers('nano_usd_per_hour', l10n.t('Per hour')),
        numbers('month_nano_usd', l10n.t('This month')),
      ],
      rows: [
        ...parts.flatMap(({ of = '' }, index) => namespaceRow(of, endpoints, months[index], locale)),
        ...endpointRows(endpoints, hardware, locale),
      ],
    },
  };
}

/** Broken ones need a look, and those asleep cost nothing. */
function rank(endpoint: Endpoint): number {
  if (isBroken(endpoint)) return 0;
  return isAsleep(endpoint) ? 2 : 1;
}

/** Those that cost something, the dearest first, and the rest of them as one bar. */
function barsOf(endpoints: readonly Priced[], hardware: readonly HardwareQuota[], locale: string) {
  const paid = endpoints.filter(({ usd = 0 }) => usd > 0);
  const bars = paid.slice(0, mostBars).map(({ endpoint, usd = 0 }) => ({
    id: `${endpoint.namespace}/${endpoint.name}`,
    label: oneLine(`${endpoint.namespace}/${endpoint.name}`, 80),
    value: Math.round(usd * nanoPerUsd),
    text: costText(endpoint, hardware, locale, shownPrice) ?? '–',
  }));
  const rest = paid.slice(mostBars);
  if (rest.length === 0) return bars;
  const usd = usdOf(rest);
  const label = l10n.t('{0} more', formatCount(rest.length, locale));
  const text = shownPrice(usd, locale);
  return [...bars, { id: ':more', label, value: Math.round(usd * nanoPerUsd), text }];
}

function usdOf(endpoints: readonly Priced[]): number {
  return endpoints.reduce((sum, { usd = 0 }) => sum + usd, 0);
}

/** The sums of one namespace. Hugging Face tells no endpoint's cost of the month. */
function namespaceRow(
  namespace: string,
  endpoints: readonly Priced[],
  month: number | undefined,
  locale: string,
): Table['rows'] {
  const own = endpoints.filter(({ endpoint }) => endpoint.namespace === namespace);
  if (own.length === 0 && !month) return [];
  const all = textCell(l10n.t('all together'));
  return [[textCell(namespace), all, dash, dash, hourCell(usdOf(own), locale), usdCell(month, locale)]];
}

/** Undefined: not known, as for an organization whose bill the token may not read. */
function monthNanoUsd(namespace: string, input: DashboardInput): number | undefined {
  const { account, credits, organizationCredits } = input.snapshot;
  const isOwn = namespace === account.value?.name;
  const part = isOwn ? credits : organizationCredits[namespace];
  const kind = isOwn ? 'credits' : 'organizationCredits';
  if (!part || isOfEarlierMonth({ ...part, kind, siblings: 1 }, input)) return undefined;
  return part.value?.otherSpend.endpoints;
}

function endpointRows(
  endpoints: readonly Priced[],
  hardware: readonly HardwareQuota[],
  locale: string,
): Table['rows'] {
  const rows = endpoints
    .slice(0, mostRows)
    .map(({ endpoint, usd }) => [
      textCell(endpoint.namespace),
      textCell(endpoint.name),
      { text: stateText(endpoint.state), value: oneLine(endpoint.state, 40) },
      textCell(replicasText(endpoint, hardware)),
      hourCell(usd, locale),
      dash,
    ]);
  const rest = endpoints.slice(mostRows);
  if (rest.length === 0) return rows;
  const more = textCell(l10n.t('{0} more', formatCount(rest.length, locale)));
  return [...rows, [dash, more, dash, dash, hourCell(usdOf(rest), locale), dash]];
}

function hourCell(usd: number | undefined, locale: string) {
  return usd === undefined ? dash : { text: shownPrice(usd, locale), value: Math.round(usd * nanoPerUsd) };
}

/** `2 running · $1.60/h · $12.40 this month` */
function summaryOf(
  endpoints: readonly Priced[],
  months: readonly (number | undefined)[],
  hardware: readonly HardwareQuota[],
  locale: string,
): string {
  if (endpoints.length === 0) return l10n.t('No endpoint is known.');
  const running = endpoints.filter(({ endpoint }) => endpoint.state === 'running').length;
  const all = endpoints.map(({ endpoint }) => endpoint);
  const known = months.filter(month => month !== undefined);
  const sum = known.reduce((total, month) => total + month, 0);
  const usd = exactUsd(sum, locale);
  return joined([
    l10n.t('{0} running', formatCount(running, locale)),
    totalCostText(all, hardware, locale, shownPrice),
    known.length > 0 &&
      (known.length === months.length
        ? l10n.t('{0} this month', usd)
        : l10n.t('at least {0} this month', usd)),
  ]);
}
