export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle) - 1] ?? Number.NaN)) / 2;
}

/** Half of the interquartile range, in percent of the median: a measure of the machine's noise. */
export function spreadPercent(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return (50 * (at(0.75) - at(0.25))) / median(values);
}

export interface Figure {
  readonly name: string;
  readonly value: number;
  /** Limits; without one, a figure is only printed. */
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly unit?: string;
}

export function isMet({ value, atMost, atLeast }: Figure): boolean {
  return (atMost === undefined || value <= atMost) && (atLeast === undefined || value >= atLeast);
}

export function printFigures(figures: readonly Figure[]): void {
  const rows = figures.map(figure => {
    const { name, value, atMost, atLeast, unit = '' } = figure;
    const limit = atMost ?? atLeast;
    if (limit === undefined) return [name, `${short(value)}${unit}`, '', ''];
    const bound = `${atMost === undefined ? '≥' : '≤'} ${short(limit)}${unit}`;
    return [name, `${short(value)}${unit}`, bound, isMet(figure) ? 'ok' : 'MISSED'];
  });
  printRows([['figure', 'measured', 'limit', ''], ...rows]);
}

export function printRows(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0))) ?? [];
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    console.log(`  ${cells.join('   ').trimEnd()}`);
  }
}

/** Three significant digits. */
export function short(value: number): string {
  if (Number.isNaN(value)) return '-';
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
