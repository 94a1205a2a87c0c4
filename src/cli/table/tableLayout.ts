import { visible } from '../visibleText.ts';
import type { Section } from './section.ts';

const gap = '  ';
/** No column is shortened below this: too little of its text would remain. */
const leastCell = 8;

/** One line for each row, at most `width` characters. */
export function alignRows({ rows, columns }: Pick<Section, 'rows' | 'columns'>, width: number): string[] {
  const cells = rows.map(row => row.cells.map(visible));
  const widths = columns.map((_, index) => Math.max(0, ...cells.map(row => lengthOf(row[index] ?? ''))));
  const gaps = gap.length * (columns.length - 1);
  columns.forEach((column, index) => {
    const excess = widths.reduce((sum, each) => sum + each, gaps) - width;
    const own = widths[index] ?? 0;
    if (column === 'shrinks' && excess > 0) widths[index] = Math.min(own, Math.max(leastCell, own - excess));
  });
  return cells.map(row => {
    const aligned = columns.map((column, index) => {
      const own = widths[index] ?? 0;
      const cell = shorten(row[index] ?? '', own);
      const space = ' '.repeat(own - lengthOf(cell));
      return column === 'right' ? space + cell : cell + space;
    });
    return shorten(aligned.join(gap).trimEnd(), width);
  });
}

/** Lines of at most `width` characters, broken at spaces; longer words are cut. */
export function wrap(text: string, width: number): string[] {
  if (width === Number.POSITIVE_INFINITY) return [text];
  const lines: string[] = [];
  let line = '';
  for (const [word] of text.matchAll(new RegExp(`[^ ]{1,${width}}`, 'gu'))) {
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

export function shorten(text: string, width: number): string {
  return lengthOf(text) <= width ? text : `${[...text].slice(0, Math.max(0, width - 1)).join('')}…`;
}

function lengthOf(text: string): number {
  return [...text].length;
}
