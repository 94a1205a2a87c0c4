import type { Panel, Table } from './dashboardState.ts';

type ExportedPanel = Pick<Panel, 'id' | 'title' | 'source' | 'table'>;
type Cell = Table['rows'][number][number];

/** RFC 4180. Several tables follow each other, each below its title and with an empty line between them. */
export function panelsAsCsv(panels: readonly ExportedPanel[]): string {
  const [only, ...others] = panels;
  if (only && others.length === 0) return lines(only.table);
  return panels.map(({ title, table }) => `${field(title)}\r\n${lines(table)}`).join('\r\n');
}

/** By the ids of panels and columns, which are the same in every language. */
export function panelsAsJson(panels: readonly ExportedPanel[]): string {
  const sections = panels.map(({ id, source, table }) => [
    id,
    {
      source,
      rows: table.rows.map(row =>
        Object.fromEntries(
          table.columns.map(({ id }, index) => [id, row[index] ? exported(row[index]) : null]),
        ),
      ),
    },
  ]);
  return `${JSON.stringify(Object.fromEntries(sections), undefined, 2)}\n`;
}

function lines({ columns, rows }: Table): string {
  const cells = [
    columns.map(({ id }) => field(id)),
    ...rows.map(row => row.map(cell => field(exported(cell)))),
  ];
  return cells.map(line => `${line.join(',')}\r\n`).join('');
}

function exported({ value, text }: Cell): string | number | null {
  return value === undefined ? text : value;
}

/** Spreadsheets run what begins like a formula: names come from servers, so an apostrophe makes them text. */
const formula = /^[=+\-@\t\r]/;

function field(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
