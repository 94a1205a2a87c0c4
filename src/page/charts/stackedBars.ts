import { stack } from 'd3-shape';
import type { Chart } from '../../view/dashboard/dashboardState.ts';

export type Bins = Extract<Chart, { kind: 'bins' }>;
export type Series = Bins['splits'][number]['series'][number];

interface Bar {
  readonly bin: number;
  readonly from: number;
  readonly until: number;
}

/** Bars on top of each other, in the order of the series. */
export function stackedBars(series: readonly Series[]) {
  const bins = Array.from({ length: binCount(series) }, (_, bin) => bin);
  return stack<unknown, number, Series>()
    .keys(series)
    .value((bin, { values }) => values[bin] ?? 0)(bins)
    .map(layer => ({
      series: layer.key,
      bars: layer
        .map(([from, until], bin) => ({ bin, from, until }))
        .filter(({ from, until }) => until > from),
    }));
}

interface Geometry {
  readonly left: (bin: number) => number;
  readonly width: number;
  readonly y: (value: number) => number;
}

/** All bars of a series as one shape: a year has thousands of them. */
export function barsPath(bars: readonly Bar[], { left, width, y }: Geometry): string {
  return bars
    .map(({ bin, from, until }) => {
      const height = Math.max(leastHeight, y(from) - y(until));
      return `M${round(left(bin))},${round(y(from))}v${-round(height)}h${round(width)}v${round(height)}z`;
    })
    .join('');
}

/** In CSS pixels: a small amount is not nothing. */
const leastHeight = 0.75;

const round = (value: number) => Math.round(value * 100) / 100;

/** The sum of a bin; null where no series knows its value. */
export function binTotal(series: readonly Series[], bin: number): number | null {
  const known = series.flatMap(({ values }) => values[bin] ?? []);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

export function greatestTotal(series: readonly Series[]): number {
  const totals = Array.from({ length: binCount(series) }, (_, bin) => binTotal(series, bin) ?? 0);
  return Math.max(0, ...totals);
}

function binCount(series: readonly Series[]): number {
  return Math.max(0, ...series.map(({ values }) => values.length));
}
