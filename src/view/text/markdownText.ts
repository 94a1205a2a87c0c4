import { oneLine } from './plainText.ts';

/**
 * A remote text in a Markdown document that is read as text, too: it makes no link, image, HTML or emphasis, and as
 * few characters as possible are escaped for that.
 */
export function readable(text: string, maxLength = 500): string {
  return oneLine(text, maxLength)
    .replaceAll('&', '&amp;')
    .replace(/[\\`*[\]<~|]|(?<!\w)_|_(?!\w)/g, '\\$&')
    .replace(/^(#|>|[-+](?=\s)|\d+[.)](?=\s))/, '\\$1');
}

/** In a span of code; empty when nothing of it can be seen. */
export function codeSpan(text: string, maxLength = 200): string {
  const line = oneLine(text, maxLength);
  if (line === '') return '';
  const fence = '`'.repeat(longestRun(line) + 1);
  return fence.length === 1 ? `\`${line}\`` : `${fence} ${line} ${fence}`;
}

/** On lines of their own, between fences that the text can't end. */
export function codeBlock(lines: readonly string[], language = ''): string {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [fence + language, ...lines, fence].join('\n');
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
