import * as l10n from '@vscode/l10n';
import type { CountedHere, CountedSpan } from '../../limits/requests/countedSpan.ts';
import type { Bin } from './bins.ts';
import type { Chart } from './dashboardState.ts';

type Split = Extract<Chart, { kind: 'bins' }>['splits'][number];

/** Series that are told apart, beside one for the rest. */
const mostSeries = 11;
/** An id that no name has. */
const othersId = ':others';

/** An amount of one name in one span. */
export type Amount = readonly [name: string, value: number];

export interface SplitOptions {
  readonly id: string;
  readonly label: string;
  readonly bins: readonly Bin[];
  readonly counted: CountedHere;
  readonly amounts: (span: CountedSpan) => Iterable<Amount>;
  readonly labelOf: (name: string) => string;
  /** Nothing is known of bins that end before epoch ms `knownFrom`. */
  readonly knownFrom: number | undefined;
}

/** Amounts by name and bin; the greatest names have a series of their own. */
export function splitOf({ id, label, bins, counted, amounts, labelOf, knownFrom }: SplitOptions): Split {
  const byName = new Map<string, number[]>();
  for (const span of counted.spans) {
    const index = binOf(bins, span);
    if (index < 0) continue;
    for (const [name, value] of amounts(span)) {
      if (value === 0) continue;
      const values = byName.get(name) ?? bins.map(() => 0);
      values[index] = (values[index] ?? 0) + value;
      byName.set(name, values);
    }
  }
  const known = (values: readonly number[]) =>
    values.map((value, index) => ((bins[index]?.until ?? 0) <= (knownFrom ?? Infinity) ? null : value));
  const [named, rest] = greatestFirst(byName);
  const series = named.map(([name, values]) => ({ id: name, label: labelOf(name), values: known(values) }));
  if (rest.length === 0) return { id, label, series };
  const others = bins.map((_, index) => rest.reduce((sum, [, values]) => sum + (values[index] ?? 0), 0));
  return { id, label, series: [...series, { id: othersId, label: l10n.t('others'), values: known(others) }] };
}

/** The bin in which the span lies; -1: none. */
export function binOf(bins: readonly Bin[], { from }: CountedSpan): number {
  return bins.findIndex(bin => from >= bin.from && from < bin.until);
}

type Named = [name: string, values: number[]];

function greatestFirst(byName: ReadonlyMap<string, number[]>): [named: Named[], rest: Named[]] {
  const total = ([, values]: Named) => values.reduce((sum, value) => sum + value, 0);
  const sorted = [...byName].map(named => ({ named, total: total(named) }));
  sorted.sort((a, b) => b.total - a.total || (a.named[0] < b.named[0] ? -1 : 1));
  const all = sorted.map(({ named }) => named);
  const most = all.length > mostSeries + 1 ? mostSeries : all.length;
  return [all.slice(0, most), all.slice(most)];
}
