export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle) - 1] ?? Number.NaN)) / 2;
}

/** Half of the distance between the quartiles, in percent of the median: how noisy the machine was. */
export function spreadPercent(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return (50 * (at(0.75) - at(0.25))) / median(values);
}

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly sign: '≤' | '≥';
  readonly unit?: string;
}

export function isMet({ value, limit, sign }: Figure): boolean {
  return sign === '≤' ? value <= limit : value >= limit;
}

export function printFigures(figures: readonly Figure[]): void {
  const rows = figures.map(figure => [
    figure.name,
    `${short(figure.value)}${figure.unit ?? ''}`,
    `${figure.sign} ${short(figure.limit)}${figure.unit ?? ''}`,
    isMet(figure) ? 'ok' : 'MISSED',
  ]);
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
