import { binTotal, type Series } from './stackedBars.ts';

export interface BinRow {
  readonly kind: 'series' | 'others' | 'total';
  readonly id: string;
  readonly label: string;
  /** null: not known. */
  readonly value: number | null;
}

const mostRows = 7;

/**
 * What a bin is made of, the greatest first; small ones as one row, and a total where there are several series.
 * @param others names the row of small ones, by their number
 */
export function binRows(
  series: readonly Series[],
  bin: number,
  others: (count: number) => string,
  total: string,
): readonly BinRow[] {
  const parts = series
    .map(({ id, label, values }): BinRow => ({ kind: 'series', id, label, value: values[bin] ?? null }))
    .filter(({ value }) => value !== 0 && (value !== null || series.length === 1))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const few = parts.length > mostRows ? parts.slice(0, mostRows - 1) : parts;
  const rest = parts.slice(few.length);
  const restSum = rest.reduce((sum, { value }) => sum + (value ?? 0), 0);
  return [
    ...few,
    ...(rest.length > 0
      ? [{ kind: 'others', id: 'others', label: others(rest.length), value: restSum } as const]
      : []),
    ...(series.length > 1
      ? [{ kind: 'total', id: 'total', label: total, value: binTotal(series, bin) } as const]
      : []),
  ];
}
