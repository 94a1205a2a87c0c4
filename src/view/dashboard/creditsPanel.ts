import * as l10n from '@vscode/l10n';
import { type Credits, monthStart, nextMonthStart } from '../../limits/account/credits.ts';
import {
  type BalanceSample,
  forecastDays,
  longestGapMs,
  settledSpend,
} from '../../limits/account/forecast.ts';
import { memoLast } from '../../limits/headers/memo.ts';
import { type CreditsModel, creditsModel } from '../account/creditsModel.ts';
import { creditsText } from '../account/creditsText.ts';
import { single } from '../account/parts.ts';
import { accountTitle } from '../billing/payerText.ts';
import { joined } from '../text/counts.ts';
import { exactUsd } from '../text/exactUsd.ts';
import { dayText } from '../text/times.ts';
import { countCell, dash, names, numbers, textCell, usdCell } from './cells.ts';
import type { DashboardInput } from './dashboardInput.ts';
import type { Chart, Panel, Table } from './dashboardState.ts';
import { partsProblem } from './partsProblem.ts';
import { huggingFaceNote } from './sourceNotes.ts';

type Forecast = Extract<Chart, { kind: 'forecast' }>;

const hourMs = 3_600_000;
/** 248 points for a month: a screen shows no more. */
const pointMs = 3 * hourMs;
const dayMs = 24 * hourMs;

/** The signed-in account's spend in this UTC month, as Hugging Face tells it, and what the month will come to. */
export function creditsPanel(input: DashboardInput): Panel {
  const { snapshot, locale } = input;
  const named = single('credits', snapshot.credits);
  const model = creditsModel(input);
  const chart = chartOf(model, input);
  const problem = partsProblem([named], input);
  return {
    id: 'credits',
    title: joined([l10n.t('Credits this month'), accountTitle(snapshot.account.value)]),
    summary: model ? creditsText(model, locale) : l10n.t('What is left is not known.'),
    ...(model && detailOf(model, input)),
    source: 'hugging-face',
    note: huggingFaceNote(named.asOf, input, l10n.t('month in UTC')),
    ...problem,
    ...(!problem.action && { action: { id: 'switch-billing', label: l10n.t('Switch billing') } }),
    // without a figure it would be axes of nothing
    ...((chart.points.length > 0 || chart.marks.length > 0) && { chart }),
    table: {
      columns: [
        names('what', l10n.t('What')),
        names('name', l10n.t('Name')),
        numbers('nano_usd', l10n.t('Amount')),
        numbers('low_nano_usd', l10n.t('At least')),
        numbers('high_nano_usd', l10n.t('At most')),
        numbers('requests', l10n.t('Requests')),
      ],
      rows: [
        ...monthRows(chart, locale),
        ...(model?.earlierMonth === undefined ? providerRows(snapshot.credits.value, locale) : []),
      ],
    },
  };
}

function chartOf(model: CreditsModel | undefined, input: DashboardInput): Forecast {
  const { snapshot, now, serverNow } = input;
  const { value, asOf = now } = snapshot.credits;
  // of the answer's time, as the forecast of all views
  const readAt = asOf + serverNow - now;
  const from = monthStart(serverNow);
  const isThisMonth = monthStart(readAt) === from;
  const lines = isThisMonth
    ? lastLines([snapshot.spend, readAt], () => linesOf(snapshot.spend, readAt))
    : { points: [], band: [] };
  const { measuredAgainst, limitNanoUsd } = model?.balance ?? {};
  const marks = [
    { id: 'included', label: l10n.t('included credits'), nanoUsd: value?.includedNanoUsd },
    { id: 'limit', label: l10n.t('spending limit'), nanoUsd: limitNanoUsd },
    {
      id: 'budget',
      label: l10n.t('your budget'),
      nanoUsd: measuredAgainst === 'budget' ? model?.wholeNanoUsd : undefined,
    },
  ];
  return {
    kind: 'forecast',
    from,
    until: nextMonthStart(serverNow),
    ...lines,
    marks: isThisMonth
      ? marks.flatMap(({ nanoUsd, ...mark }) => (nanoUsd ? [{ ...mark, nanoUsd }] : []))
      : [],
  };
}

type Lines = Pick<Forecast, 'points' | 'band'>;

/** Samples of a month take a millisecond, and change every few minutes. */
const lastLines = memoLast<Lines>();

function linesOf(samples: readonly BalanceSample[], at: number): Lines {
  const start = monthStart(at);
  const days = forecastDays(samples, at);
  return {
    points: pointsOf(settledSpend(samples.filter(sample => sample.at >= start && sample.at <= at))),
    band: days.map(({ at: day, likely, low = likely, high = likely }) => ({ at: day, low, likely, high })),
  };
}

/** The last sample of each few hours, with a gap after a silence that says nothing of its days. */
function pointsOf(settled: readonly BalanceSample[]): Forecast['points'] {
  const points: Forecast['points'] = [];
  for (const [index, { at, usedNanoUsd }] of settled.entries()) {
    const next = settled[index + 1];
    if (next && Math.floor(next.at / pointMs) === Math.floor(at / pointMs)) continue;
    points.push({ at, nanoUsd: usedNanoUsd });
    if (next && next.at - at > longestGapMs) points.push({ at: at + 1, nanoUsd: null });
  }
  return points;
}

/** What was spent by the end of each day, then the forecast of each day. */
function monthRows({ points, band, marks }: Forecast, locale: string): Table['rows'] {
  const known = points.filter(({ nanoUsd }) => nanoUsd !== null);
  const lastOfDay = [...Map.groupBy(known, ({ at }) => Math.floor(at / dayMs)).values()];
  const day = (at: number) => ({
    text: dayText(at, { locale, timeZone: 'UTC' }),
    value: new Date(at).toISOString().slice(0, 10),
  });
  return [
    ...lastOfDay.flatMap(of => {
      const { at, nanoUsd } = of.at(-1) ?? {};
      if (at === undefined) return [];
      return [
        [textCell(l10n.t('Spent by')), day(at), usdCell(nanoUsd ?? undefined, locale), dash, dash, dash],
      ];
    }),
    // a band's point is the end of the day before it
    ...band
      .slice(1)
      .map(({ at, low, likely, high }) => [
        textCell(l10n.t('Forecast by')),
        day(at - 1),
        ...[likely, low, high].map(nanoUsd => usdCell(nanoUsd, locale)),
        dash,
      ]),
    ...marks.map(({ label, nanoUsd }) => [
      textCell(l10n.t('Mark')),
      textCell(label),
      usdCell(nanoUsd, locale),
      dash,
      dash,
      dash,
    ]),
  ];
}

/** Hugging Face's own figures of the month. */
function providerRows(credits: Credits | undefined, locale: string): Table['rows'] {
  return (credits?.byProvider ?? [])
    .toSorted((a, b) => b.nanoUsd - a.nanoUsd)
    .slice(0, 100)
    .map(({ provider, nanoUsd, requests }) => [
      textCell(l10n.t('Provider')),
      textCell(provider),
      usdCell(nanoUsd, locale),
      dash,
      dash,
      countCell(requests, locale),
    ]);
}

/** `The month will come to about $1.90, $1.70 to $2.10. $0.10 will lapse on Dec 1.` */
function detailOf(model: CreditsModel, input: DashboardInput): Pick<Panel, 'detail'> {
  const { forecast } = model;
  const { locale } = input;
  if (!forecast || model.earlierMonth !== undefined) return {};
  const usd = (nanoUsd: number) => exactUsd(nanoUsd, locale);
  const { likely, low, high } = forecast.monthNanoUsd;
  const month =
    low === undefined || high === undefined
      ? l10n.t('The month will come to about {0}.', usd(likely))
      : l10n.t('The month will come to about {0}, {1} to {2}.', usd(likely), usd(low), usd(high));
  const gone = forecast.runsOutAt?.likely;
  const end =
    gone !== undefined
      ? l10n.t('Gone about {0}.', dayText(gone, input))
      : forecast.unusedNanoUsd !== undefined && model.balance.measuredAgainst === 'included'
        ? l10n.t('{0} will lapse on the 1st.', usd(forecast.unusedNanoUsd))
        : '';
  return { detail: [month, end].filter(Boolean).join(' ') };
}
