import * as l10n from '@vscode/l10n';
import type { CountedSpan } from '../../limits/requests/countedSpan.ts';
import type { Binned } from './binned.ts';
import type { Chart } from './dashboardState.ts';

type Split = Extract<Chart, { kind: 'bins' }>['splits'][number];

/** Series that are told apart, beside one for the rest. */
const mostSeries = 11;
/** An id that no name has. */
const othersId = ':others';

/** Adds an amount to a name's. */
export type AddAmount = (name: string, value: number) => void;

export interface SplitOptions {
  readonly id: string;
  readonly label: string;
  /** Adds the span's amounts. */
  readonly addAmounts: (span: CountedSpan, add: AddAmount) => void;
  readonly labelOf: (name: string) => string;
}

/**
 * Amounts by name and bin; the greatest names have a series of their own.
 * @param knownFrom nothing is known of bins that end before this, epoch ms; undefined: of no bin
 */
export function splitOf(
  { bins, spansOf }: Binned,
  knownFrom: number | undefined,
  { id, label, addAmounts, labelOf }: SplitOptions,
): Split {
  const byName = new Map<string, number[]>();
  for (const [index, spans] of spansOf.entries()) {
    const add: AddAmount = (name, value) => {
      if (value === 0) return;
      const values = byName.get(name) ?? bins.map(() => 0);
      values[index] = (values[index] ?? 0) + value;
      byName.set(name, values);
    };
    for (const span of spans) addAmounts(span, add);
  }
  const known = (values: readonly number[]) =>
    values.map((value, index) => ((bins[index]?.until ?? 0) <= (knownFrom ?? Infinity) ? null : value));
  const [named, rest] = greatestFirst(byName);
  const series = named.map(([name, values]) => ({ id: name, label: labelOf(name), values: known(values) }));
  if (rest.length === 0) return { id, label, series };
  const others = bins.map((_, index) => rest.reduce((sum, [, values]) => sum + (values[index] ?? 0), 0));
  return { id, label, series: [...series, { id: othersId, label: l10n.t('others'), values: known(others) }] };
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
