export interface ShellWord {
  readonly kind: 'word' | 'operator';
  readonly text: string;
  readonly isQuoted: boolean;
}

const blank = /[^\S\r\n]+/y;
const lineEnd = /[\r\n]+\s*/y;
const operator = /\d?(?:<<<|<<-?|>>|<|>)(?:&\d?)?|\|\||&&|[|&;()]|\{(?=\s|$)|\}(?=[\s;]|$)/y;
/** A part of a word; the end of a quote may be missing. sh escapes with `\`, cmd with `^`. */
const part =
  /\$?'((?:[^'\\]|\\[\s\S])*)(?:'|$)|\$?"((?:[^"\\`]|[\\`][\s\S])*)(?:"|$)|`[^`]*(?:`|$)|[\\^]([^\w.])|[^\s"'`|&;()<>]/y;
/** More of a word that has begun: of a call, or of a URL that is not quoted. */
const morePart = /\(/y;
const moreOfUrl = /[&;](?=\S)/y;

/**
 * The words and operators of a command line. A line end is `;`. A comment, and what follows the line of a
 * here-document, is one word. Linear time.
 */
export function* shellWords(line: string): Generator<ShellWord, void, void> {
  let at = 0;
  let hasHereDocument = false;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(line);
    if (!match || match[0] === '') return undefined;
    at = pattern.lastIndex;
    return match;
  };
  while (at < line.length) {
    if (take(blank)) continue;
    if (take(lineEnd)) {
      if (at === line.length) return;
      if (hasHereDocument) {
        yield { kind: 'word', text: line.slice(at), isQuoted: true };
        return;
      }
      yield { kind: 'operator', text: ';', isQuoted: false };
      continue;
    }
    const sign = take(operator)?.[0];
    if (sign !== undefined) {
      hasHereDocument ||= /<<-?$/.test(sign);
      yield { kind: 'operator', text: sign, isQuoted: false };
      continue;
    }
    const start = at;
    let text = '';
    let isQuoted = false;
    let isUrl = false;
    for (;;) {
      const match =
        take(part) ??
        (text !== '' && !/[$=]$/.test(text) ? take(morePart) : undefined) ??
        (isUrl ? take(moreOfUrl) : undefined);
      if (!match) break;
      const [whole, single, double, escaped] = match;
      isQuoted ||= (single ?? double) !== undefined;
      if (escaped !== '\n') text += single ?? double ?? escaped ?? whole;
      if (whole === '/' && !isUrl) isUrl = text.endsWith('://');
    }
    if (at === start) at += 1;
    else if (line[start] === '#') {
      const end = line.indexOf('\n', at);
      at = end < 0 ? line.length : end;
    }
    yield { kind: 'word', text, isQuoted };
  }
}
