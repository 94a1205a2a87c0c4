import { oneLine } from './plainText.ts';

/** A remote text for a Markdown document that is also read as plain text: inert, with few escapes. */
export function readable(text: string, maxLength = 500): string {
  return oneLine(text, maxLength)
    .replaceAll('&', '&amp;')
    .replace(/[\\`*[\]<~|]|(?<!\w)_|_(?!\w)/g, '\\$&')
    .replace(/^(#|>|[-+](?=\s)|\d+[.)](?=\s))/, '\\$1');
}

/** A code span; empty for a text without visible characters. */
export function codeSpan(text: string): string {
  const line = oneLine(text, 200);
  if (line === '') return '';
  const fence = '`'.repeat(longestRun(line) + 1);
  return fence.length === 1 ? `\`${line}\`` : `${fence} ${line} ${fence}`;
}

/** A fenced block; its fences are longer than any in the text. */
export function codeBlock(lines: readonly string[], language = ''): string {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [fence + language, ...lines, fence].join('\n');
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
