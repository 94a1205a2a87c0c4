import { withoutPath } from './plainText.ts';

/**
 * What the log handler of Python's `rich` prints before the words of a record: time and level, or blanks. The first
 * lines of a long record may be missing.
 */
const head = /^(?:(?:\[[^\]]{4,40}\] | {4,40})(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) {1,9}| {20,60})(?=\S)/;

/** The lines with the words of each log record of `rich`, which stand in a column, as one; undefined: none is broken. */
export function fromColumns(lines: readonly string[]): readonly string[] | undefined {
  const whole: string[] = [];
  /** Parts of one line. */
  let parts: string[] = [];
  let indent = 0;
  let width: number | undefined;
  const close = () => {
    if (parts.length > 0) whole.push(joined(parts, width));
    parts = [];
  };
  for (const line of lines) {
    const goesOn = parts.length > 0 && line.slice(0, indent).trim() === '' && line.length > indent;
    const begin = goesOn ? undefined : head.exec(line)?.[0].length;
    if (!goesOn) close();
    if (!goesOn && begin === undefined) {
      whole.push(line);
      continue;
    }
    if (begin !== undefined) {
      indent = begin;
      const path = line.length - withoutPath(line).length;
      width = path > 0 ? line.search(/ \S+$/) - begin : undefined;
    }
    const part = withoutPath(line.slice(indent));
    // a traceback in its box
    if (/^[╭│╰]/.test(part)) close();
    parts.push(part);
    if (/^[╭│╰]/.test(part)) close();
  }
  close();
  return whole.length < lines.length ? whole : undefined;
}

/** Only a word that is as wide as the column is broken. */
function joined(parts: readonly string[], width = Math.max(...parts.map(part => part.length))): string {
  return parts.reduce((text, part, index) => {
    const before = parts[index - 1] ?? '';
    return `${text}${before.length === width && !/\s/.test(before) ? '' : ' '}${part}`;
  });
}
