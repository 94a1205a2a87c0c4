import type { Chart } from '../../view/dashboard/dashboardState.ts';

export type Forecast = Extract<Chart, { kind: 'forecast' }>;

/** A day of the month to look at: what was spent by its end, or what is expected. */
export interface Stop {
  readonly at: number;
  /** null: not known. */
  readonly spent?: number | null;
  readonly expected?: { readonly low: number; readonly likely: number; readonly high: number };
}

const dayMs = 86_400_000;

/** The last reading of each day so far, then the days ahead. */
export function forecastStops({ from, points, band }: Forecast): readonly Stop[] {
  const byDay = new Map(points.map(point => [Math.floor((point.at - from) / dayMs), point]));
  const past = [...byDay.values()].map(({ at, nanoUsd }): Stop => ({ at, spent: nanoUsd }));
  const last = past.at(-1)?.at ?? from;
  const ahead = band
    .filter(({ at }) => at > last)
    .map(({ at, low, likely, high }): Stop => ({ at, expected: { low, likely, high } }));
  return [...past, ...ahead];
}

/** The stop nearest to a time. */
export function nearestStop(stops: readonly Stop[], at: number): number {
  let nearest = 0;
  stops.forEach((stop, index) => {
    if (Math.abs(stop.at - at) < Math.abs((stops[nearest]?.at ?? 0) - at)) nearest = index;
  });
  return nearest;
}

/** The greatest amount that the chart has to hold. */
export function greatestAmount({ points, band, marks }: Forecast): number {
  return Math.max(
    0,
    ...points.map(({ nanoUsd }) => nanoUsd ?? 0),
    ...band.map(({ high }) => high),
    ...marks.map(({ nanoUsd }) => nanoUsd),
  );
}

/** Midnights of the month that get a label: the first day, and every so many days. */
export function labelledDays(from: number, until: number, width: number): readonly number[] {
  const days = Math.max(1, Math.round((until - from) / dayMs));
  const fit = Math.max(1, Math.floor(width / 72));
  const step = [1, 2, 5, 7, 10, 15].find(every => days / every <= fit) ?? days;
  const count = Math.ceil(days / step);
  return Array.from({ length: count }, (_, index) => from + index * step * dayMs);
}
