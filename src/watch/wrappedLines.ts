import { inBox } from './plainText.ts';

/** Columns of terminals whose wraps are read: other programs' lines are longer or shorter. */
const fewestColumns = 40;
const mostColumns = 132;

/** These begin a line of their own. */
const begins =
  /^(?:\s*$|Traceback \(|\s+(?:File|at) |File |-{2,}>|-{20,}|[╭╰┌└├─━═+]|For more information check|The above exception|During handling|Url: |Retry(?:ing)? (?:after|in)\b|Cannot access content|Make sure your token|\(Request ID|Cell In\[|Caused by:|Node\.js v|[\w.]{0,60}(?:Error|Exception)\b(?:\s|:))/;

interface Part {
  readonly text: string;
  readonly isBoxed: boolean;
  /** Columns of the terminal or of the box; undefined: nothing is wrapped. */
  readonly columns: number | undefined;
}

/**
 * The lines with those joined that a terminal or a box broke: at its last column, or between words where the next one
 * had no room. Undefined: none is.
 */
export function unwrapped(lines: readonly string[]): readonly string[] | undefined {
  const longest = Math.max(0, ...lines.map(line => line.length));
  const columns = longest < fewestColumns || longest > mostColumns ? undefined : longest;
  const plain = lines.map(line => line.replace(/(?<! ) {1,200}[\w.]{1,40}\.py:\d{1,6}$/, ''));
  const parts = plain.map((line): Part => {
    const boxed = inBox(line);
    if (boxed === undefined) return { text: line, isBoxed: false, columns };
    return { text: boxed, isBoxed: true, columns: line.length > 8 ? line.length - 4 : undefined };
  });
  const isHard = breaks(parts, isFull) >= breaks(parts, hasNoRoom);
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
  if (isFull(before, next)) return isHard || !before.text.includes(' ') ? '' : ' ';
  return hasNoRoom(before, next) &&
    (!isHard || before.isBoxed || before.text.length === (before.columns ?? 0) - 1)
    ? ' '
    : undefined;
}

function isFull({ text, columns }: Part, _next: Part): boolean {
  return text.length === columns;
}

/** The next word would not have had room. */
function hasNoRoom({ text, columns = Number.POSITIVE_INFINITY }: Part, next: Part): boolean {
  const word = /\S+/.exec(next.text)?.[0] ?? '';
  return text.length < columns && text.length * 2 >= columns && text.length + 1 + word.length > columns;
}

function breaks(parts: readonly Part[], is: (before: Part, next: Part) => boolean): number {
  let count = 0;
  for (let index = 1; index < parts.length; index++) {
    const [before, next] = [parts[index - 1], parts[index]];
    if (before && next && !before.isBoxed && !begins.test(next.text) && is(before, next)) count += 1;
  }
  return count;
}
