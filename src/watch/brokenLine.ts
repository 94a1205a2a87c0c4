import { lineStart } from './lineEnds.ts';
import { inBox, visible, withoutPath } from './plainText.ts';

/** Where a needle begins in a text, from an index on, else -1. */
export type FindNeedle = (text: string, from: number) => number;

/** Raw length of lines that a terminal or a box may have broken. */
const shortest = 24;
const longest = 400;
/** A column of `rich` has 11 characters in a terminal of 48. */
const mostLines = 12;
/** Lines in which a cut needle lies. */
const mostCut = 5;
/** On either side of the break. */
const mostOfNeedle = 80;

/** The last lines of a stream while each may be the rest of the one before it: finds needles that a line break cut. */
export class BrokenLine {
  readonly #find: FindNeedle;
  #lines: string[] = [];

  constructor(find: FindNeedle) {
    this.#find = find;
  }

  /** The lines of which this one is the rest, if the needle is in it or cut by its break; undefined: there is none. */
  take(line: string, hasNeedle: boolean): readonly string[] | undefined {
    const before = this.#lines.at(-1);
    if (before === undefined || !goesOn(before, line)) this.#lines = [];
    else if (!hasNeedle && line !== before && mayCut(before.length, before, line, 0) && this.#isCut(line))
      return this.#lines;
    if (hasNeedle) return this.#lines;
    this.#lines = isBreakable(line) ? [...this.#lines.slice(1 - mostLines), line] : [];
    return undefined;
  }

  /**
   * Whether one of the breaks in `text`, which has no needle, may have cut one.
   * @param rest the begin of the first line
   */
  mayGoOn(rest: string, text: string): boolean {
    const before = this.#lines.at(-1);
    if (before !== undefined && mayCut(before.length, before, rest === '' ? text : rest, 0)) return true;
    return hasCut(rest, text, '\n') || hasCut(rest, text, '\r');
  }

  /**
   * Takes the lines, up to an index, of a text of which `mayGoOn` is not true.
   * @param rest the begin of the first line
   */
  pass(rest: string, text: string, to: number): void {
    const lines: string[] = [];
    let start = to;
    while (start > 0 && lines.length < mostLines) {
      const end = start - (text.startsWith('\r\n', start - 2) ? 2 : 1);
      start = lineStart(text, end);
      const line = start === 0 ? rest + text.slice(0, end) : text.slice(start, end);
      const next = lines[0];
      if (!isBreakable(line) || (next !== undefined && !goesOn(line, next))) {
        this.#lines = [];
        break;
      }
      lines.unshift(line);
    }
    for (const line of lines) this.take(line, false);
  }

  forget(): void {
    this.#lines = [];
  }

  #isCut(line: string): boolean {
    const next = words(line).slice(0, mostOfNeedle);
    const before = this.#lines.slice(1 - mostCut).map(words);
    return (
      this.#find(`${before.join('').slice(-mostOfNeedle)}${next}`, 0) >= 0 ||
      this.#find(`${before.join(' ').slice(-mostOfNeedle)} ${next.trimStart()}`, 0) >= 0
    );
  }
}

/** Without a box and the column at the right. */
function words(raw: string): string {
  const line = visible(raw).trimEnd();
  const text = withoutPath(inBox(line) ?? line);
  return /^ {2}/.test(text) ? text.trimStart() : text;
}

function isBreakable({ length }: string): boolean {
  return length >= shortest && length <= longest;
}

/** Whether a line may be the rest of the one before it. */
function goesOn(before: string, line: string): boolean {
  return before.length === line.length || mayCut(before.length, before, line, 0);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences consist of them
const coloured = /\x1b\[[\d;]{0,12}m[ │┃║]/y;

/** Whether a break that ends in this character may be within words. */
function hasCut(rest: string, text: string, end: string): boolean {
  let start = -rest.length;
  for (let at = text.indexOf(end); at >= 0 && at + 1 < text.length; at = text.indexOf(end, start)) {
    const isCut = at === 0 ? mayCut(rest.length, rest, text, 1) : mayCut(at - start, text, text, at + 1, at);
    if (isCut) return true;
    start = at + 1;
  }
  return false;
}

/**
 * Whether the break between a line of this length and the text at an index may be within words. Called for each line.
 * @param to where the line ends in `before`
 */
function mayCut(length: number, before: string, text: string, at: number, to = before.length): boolean {
  if (length < shortest) return false;
  const next = text.charCodeAt(at);
  if (next === 0x20 || next === 0x2502 || next === 0x2503 || next === 0x2551) return true;
  if (next === 0x1b) {
    coloured.lastIndex = at;
    return coloured.test(text);
  }
  const isLower = (next >= 0x61 && next <= 0x7a) || next === 0x5f || next === 0x2d || next === 0x27;
  // most loggers begin with a large letter
  if (!isLower && !(length >= 60 && next >= 0x41 && next <= 0x5a)) return false;
  const last = before.charCodeAt(before.charCodeAt(to - 1) === 0x0d ? to - 2 : to - 1);
  return isWithinWords(last);
}

/** A letter, a blank, or one of `,-_'"(/`. */
function isWithinWords(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    ' ,-_\'"(/'.includes(String.fromCharCode(code))
  );
}
