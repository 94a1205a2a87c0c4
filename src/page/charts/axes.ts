import { type ScaleLinear, scaleLinear } from 'd3-scale';
import type { Unit } from '../../view/dashboard/dashboardState.ts';

/** Space around the plot, in CSS pixels. */
export const margin = { top: 20, right: 8, bottom: 22, left: 52 } as const;

/** Of the x axis' labels, in CSS pixels. */
const charWidth = 6.2;
const labelGap = 14;
/** The last label is moved into the chart, towards the one before it. */
const roomShare = 1.3;
const fewTicks = 3;

export interface YAxis {
  readonly scale: ScaleLinear<number, number>;
  readonly ticks: readonly number[];
}

/** From zero to a round value above the greatest one; whole ticks where parts of one make no sense. */
export function yAxis(greatest: number, unit: Unit, height: number): YAxis {
  const isCount = unit !== 'nano-usd' && unit !== 'ms';
  const top = greatest > 0 ? greatest : isCount ? 1 : 10_000_000;
  const scale = scaleLinear()
    .domain([0, isCount ? Math.max(top, fewTicks) : top])
    .nice(fewTicks)
    .range([height - margin.bottom, margin.top]);
  return { scale, ticks: scale.ticks(fewTicks).filter(tick => !isCount || Number.isInteger(tick)) };
}

/** Which of the bins get a label: evenly spaced, and always the last one. */
export function labelledBins(labels: readonly string[], width: number): readonly number[] {
  const count = labels.length;
  const longest = Math.max(0, ...labels.map(({ length }) => length));
  const fit = Math.max(1, Math.floor(width / (longest * charWidth * roomShare + labelGap)));
  const step = Math.max(1, Math.ceil(count / fit));
  return Array.from({ length: count }, (_, index) => index).filter(index => (count - 1 - index) % step === 0);
}

/** The bin at a share of the plot's width, 0 to 1. */
export function binAt(share: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(share * count)));
}
