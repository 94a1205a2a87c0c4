import { styleText } from 'node:util';
import type { StatusJson } from '../json/statusJson.ts';
import { visible } from '../visibleText.ts';
import { accountSection, creditSection, monthSection } from './accountSections.ts';
import { endpointSection, hardwareSection } from './endpointSections.ts';
import { payerSections } from './payerSections.ts';
import { refusalSection } from './refusalSection.ts';
import type { Section } from './section.ts';
import { alignRows, shorten, wrap } from './tableLayout.ts';
import { providerSections, windowSection } from './windowSections.ts';

export interface TableOptions {
  /** Epoch ms. */
  readonly now: number;
  /** In characters; `Infinity`: as wide as the text. */
  readonly width: number;
  readonly color: boolean;
}

/** The status as text for a terminal; no line is wider than `width`. */
export function statusTable(status: StatusJson, options: TableOptions): string {
  const { now } = options;
  const sections = [
    accountSection(status),
    ...payerSections(status),
    creditSection(status, now),
    monthSection(status, now),
    windowSection(status, now),
    ...providerSections(status, now),
    endpointSection(status),
    hardwareSection(status),
    refusalSection(status, now),
  ];
  return [...sections.map(section => sectionText(section, options)), ...errorText(status, options)].join(
    '\n\n',
  );
}

function sectionText(section: Section, { width, color }: TableOptions): string {
  const lines = alignRows(section, width - 2).map((line, index) => {
    const mark = section.rows[index]?.mark;
    return `  ${mark && color ? paint(mark === 'error' ? 'red' : 'yellow', line) : line}`;
  });
  const title = shorten(visible(section.heading), width);
  return [color ? paint('bold', title) : title, ...lines].join('\n');
}

/** Each message once, below all the parts that it is about. */
function errorText({ errors }: StatusJson, { width, color }: TableOptions): string[] {
  if (errors.length === 0) return [];
  const byMessage = Map.groupBy(errors, ({ message }) => message);
  const lines = [...byMessage].flatMap(([message, hit]) => {
    const parts = wrap(visible(hit.map(({ part }) => part).join(', ')), width - 2);
    const words = wrap(visible(message), width - 4);
    return [...parts.map(line => `  ${line}`), ...words.map(line => `    ${line}`)];
  });
  const title = 'Could not be read';
  return [[color ? paint('yellow', title) : title, ...lines].join('\n')];
}

/** Without styleText's own check of NO_COLOR and the stream: `color` is decided already. */
function paint(style: 'bold' | 'red' | 'yellow', text: string): string {
  return styleText(style, text, { validateStream: false });
}
