// control characters, and direction marks that could reorder the text around a name
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+/gu;

// matches almost every name: one test in place of five passes
const plain = /^[!-~]+(?: [!-~]+)*$/;

/** A remote text on one line, without control and direction marks. */
export function oneLine(text: string, maxLength = 120): string {
  if (text.length <= maxLength && plain.test(text)) return text;
  const line = text.toWellFormed().replace(unprintable, ' ').replace(/ {2,}/g, ' ').trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).toWellFormed()}…`;
}

/** One line for the status bar, where VS Code draws `$(icon)`. */
export function iconSafe(text: string, maxLength = 32): string {
  return oneLine(text, maxLength).replaceAll('$(', '\\$(');
}
