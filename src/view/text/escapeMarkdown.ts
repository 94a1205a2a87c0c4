import { oneLine } from './plainText.ts';

const punctuation = /[!-/:-@[-`{-~]/g;

/**
 * A remote text as Markdown that shows exactly this text: no link, image, HTML, table, autolink or theme icon.
 * A backslash may escape all ASCII punctuation (CommonMark 2.4). `$` becomes an entity, because VS Code looks for
 * `$(icon)` after Markdown has removed the backslashes.
 */
export function escapeMarkdown(text: string, maxLength = 500): string {
  return oneLine(text, maxLength).replace(punctuation, mark =>
    mark === '$' ? '&#36;' : mark === '&' ? '&amp;' : mark === '<' ? '&lt;' : `\\${mark}`,
  );
}

/** A Markdown link that runs a command. `label` is Markdown. */
export function commandLink(label: string, command: string, argument?: string): string {
  const query = argument === undefined ? '' : `?${encode(JSON.stringify([argument]))}`;
  return `[${label}](command:${command}${query})`;
}

// encodeURIComponent leaves parentheses, which would end the link
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    mark => `%${mark.charCodeAt(0).toString(16)}`,
  );
}
