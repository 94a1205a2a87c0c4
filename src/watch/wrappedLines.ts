import { inBox, withoutPath } from './plainText.ts';

/** Columns of terminals whose wraps are read: other programs' lines are longer or shorter. */
const fewestColumns = 40;
const mostColumns = 132;

/** These begin a line of their own. */
const begins =
  /^(?:\s*$|Traceback \(|\s+(?:File|at) |File |-{2,}>|-{20,}|[╭╰┌└├─━═+]|For more information check|The above exception|During handling|Url: |Retry(?:ing)? (?:after|in)\b|Cannot access content|Make sure your token|\(Request ID|Cell In\[|Caused by:|Node\.js v|[\w.]{1,60}(?:Error|Exception)\b(?:\s|:))/;

interface Part {
  readonly text: string;
  readonly isBoxed: boolean;
  /** Columns of the terminal or of the box; undefined: nothing is wrapped. */
  readonly columns: number | undefined;
}

/**
 * The lines with those joined that a terminal or a box broke. Undefined: none is.
 * @param isHard at its last column; else between words, where the next one had no room. A blank at the last column is
 *   seldom kept, so both may look alike
 */
export function unwrapped(lines: readonly string[], isHard: boolean): readonly string[] | undefined {
  const longest = Math.max(0, ...lines.map(line => line.length));
  const columns = longest < fewestColumns || longest > mostColumns ? undefined : longest;
  const plain = lines.map(withoutPath);
  const parts = plain.map((line): Part => {
    const boxed = inBox(line);
    if (boxed === undefined) return { text: line, isBoxed: false, columns };
    return { text: boxed, isBoxed: true, columns: line.length > 8 ? line.length - 4 : undefined };
  });
  const joined: string[] = [];
  let before: Part | undefined;
  for (const part of parts) {
    const glue = before && glueOf(before, part, isHard);
    if (glue === undefined) joined.push(part.text);
    else
      joined.push(
        `${joined.pop()}${glue}${glue === ' ' || part.isBoxed ? part.text.trimStart() : part.text}`,
      );
    before = part;
  }
  return joined.length < lines.length ? joined : undefined;
}

/** Between two parts of one line; undefined: they are two lines. */
function glueOf(before: Part, next: Part, isHard: boolean): '' | ' ' | undefined {
  if (before.isBoxed !== next.isBoxed || begins.test(next.text) || before.text === '') return undefined;
  // a repeated line
  if (next.text.length > 10 && before.text.startsWith(next.text.slice(0, 10))) return undefined;
  if (before.text.length === before.columns) {
    return (isHard && !before.isBoxed) || !before.text.includes(' ') ? '' : ' ';
  }
  return hasNoRoom(before, next) &&
    (!isHard || before.isBoxed || before.text.length === (before.columns ?? 0) - 1)
    ? ' '
    : undefined;
}

/** The next word would not have had room. */
function hasNoRoom({ text, columns = Number.POSITIVE_INFINITY }: Part, next: Part): boolean {
  const word = /\S+/.exec(next.text)?.[0] ?? '';
  return text.length < columns && text.length * 2 >= columns && text.length + 1 + word.length > columns;
}
