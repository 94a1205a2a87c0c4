// control characters, and format characters, which could reorder or hide the text around a name; without the two
// joiners, of which emoji and some scripts are made
const unprintable = /(?:[\p{Cc}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf})+/gu;

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
