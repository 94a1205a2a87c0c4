import { styleText } from 'node:util';
import { planLabel } from '../../limits/account/plans.ts';
import type { StatusJson } from '../json/statusShape.ts';
import { endpointRows, hardwareRows } from './endpointRows.ts';
import { creditRows, jobsRow, zeroGpuRow } from './moneyRows.ts';
import { organizationRows, refusalRows, windowRows } from './otherRows.ts';
import { payerSections } from './payerRows.ts';
import { providerSections } from './providerRows.ts';
import { alignRows, type Column, printable, wrap } from './tableLayout.ts';

export interface TableOptions {
  /** Epoch ms. */
  readonly now: number;
  /** Of the terminal, in characters. */
  readonly width: number;
  readonly color: boolean;
}

/** Rows of one section, of which some want a look. */
export interface Row {
  readonly cells: readonly string[];
  readonly mark?: 'warning' | 'error';
}

export interface Section {
  readonly heading: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** The status as people read it in a terminal; no line is wider than `width`. */
export function statusTable(status: StatusJson, options: TableOptions): string {
  const { now } = options;
  const sections: Section[] = [
    { heading: heading(status), ...organizationRows(status) },
    ...payerSections(status),
    { heading: 'Credits', ...creditRows(status, now) },
    {
      heading: 'Also this month',
      columns: [{}, { shrinks: true }],
      rows: [jobsRow(status), zeroGpuRow(status, now)],
    },
    { heading: 'Rate limits', ...windowRows(status, now) },
    ...providerSections(status, now),
    { heading: 'Inference Endpoints', ...endpointRows(status) },
    { heading: 'Hardware in use', ...hardwareRows(status) },
    { heading: 'Refused lately', ...refusalRows(status, now) },
  ];
  return [...sections.map(section => sectionText(section, options)), ...errorText(status, options)].join(
    '\n\n',
  );
}

function heading({ account: { name, plan } }: StatusJson): string {
  if (name === null) return 'Account not known';
  const label = plan === null ? undefined : planLabel(plan);
  return label === undefined ? name : `${name} (${label})`;
}

function sectionText({ heading, columns, rows }: Section, { width, color }: TableOptions): string {
  const cells = rows.map(row => row.cells.map(printable));
  const lines = alignRows(cells, columns, width - 2).map((line, index) => {
    const mark = rows[index]?.mark;
    return `  ${mark && color ? paint(mark === 'error' ? 'red' : 'yellow', line) : line}`;
  });
  const [title = ''] = alignRows([[printable(heading)]], [{}], width);
  return [color ? paint('bold', title) : title, ...lines].join('\n');
}

/** The same reason is told once, for all the parts that it hit. */
function errorText({ errors }: StatusJson, { width, color }: TableOptions): string[] {
  if (errors.length === 0) return [];
  const byMessage = Map.groupBy(errors, ({ message }) => message);
  const lines = [...byMessage].flatMap(([message, hit]) => {
    const parts = wrap(printable(hit.map(({ part }) => part).join(', ')), width - 2);
    const words = wrap(printable(message), width - 4);
    return [...parts.map(line => `  ${line}`), ...words.map(line => `    ${line}`)];
  });
  const title = 'Could not be read';
  return [[color ? paint('yellow', title) : title, ...lines].join('\n')];
}

/** The caller has decided about colours already: neither the stream nor the environment is asked again. */
function paint(style: 'bold' | 'red' | 'yellow', text: string): string {
  return styleText(style, text, { validateStream: false });
}
