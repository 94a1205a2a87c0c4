import type { Refusal } from '../limits/refusals/refusal.ts';
import { ErrorLines, findNeedle } from './errorLine.ts';
import { inBox, visible, withoutPrefix } from './plainText.ts';
import type { PrintedBy } from './printedBy.ts';
import { PrintedRefusal, worth } from './printedRefusal.ts';
import { fromColumns } from './richColumns.ts';
import type { WatchSurroundings } from './seenRefusal.ts';
import { unwrapped } from './wrappedLines.ts';

const mostLines = 400;
/** Lines with a needle: each may be a refusal of its own. */
const mostNeedles = 100;
const mostCharacters = 65_536;
/** Lines since the last one with a needle. */
const mostAside = 60;

/** The lines from one that may be about a refusal to where nothing more is said of one. */
export class PrintedBlock {
  readonly #at: number;
  readonly #lines: string[] = [];
  readonly #broken: string[] = [];
  readonly #errors = new ErrorLines();
  /** By its text: programs print the same again, and the ways to read a block share most of it. */
  readonly #known = new Map<string, Refusal | undefined>();
  #characters = 0;
  #needles = 0;
  #aside = 0;
  #isBoxed = false;
  #inPage = false;

  constructor(at: number) {
    this.#at = at;
  }

  get isFull(): boolean {
    return (
      this.#lines.length >= mostLines ||
      this.#needles >= mostNeedles ||
      this.#characters >= mostCharacters ||
      this.#aside > mostAside
    );
  }

  add(raw: string): void {
    const text = visible(raw);
    const line = text.trimEnd();
    this.#lines.push(line);
    // a blank at the last column tells that no word was broken there
    this.#broken.push(text.length === line.length + 1 ? text : line);
    this.#characters += line.length;
    this.#isBoxed ||= inBox(line) !== undefined;
    if (/<\/html>/i.test(line)) this.#inPage = false;
    else if (/<(?:!doctype |)html\b/i.test(line)) this.#inPage = true;
    // the words of an error page are behind its styles
    if (findNeedle(line, 0) < 0) this.#aside += this.#inPage ? 0 : 1;
    else {
      this.#aside = 0;
      this.#needles += 1;
    }
  }

  /** In the order of printing. */
  refusals(by: PrintedBy, surroundings: WatchSurroundings): Refusal[] {
    const plain = this.#lines.map(withoutPrefix);
    const asPrinted = this.#read(
      plain.map(line => inBox(line) ?? line),
      by,
      surroundings,
    );
    let best = asPrinted;
    for (const lines of this.#unbroken(plain)) {
      const other = this.#read(lines, by, surroundings);
      if (saysMore(other, best, this.#isBoxed)) best = other;
    }
    return best;
  }

  /** The lines before they were broken, as far as it can be told in which way. */
  #unbroken(plain: readonly string[]): Iterable<readonly string[]> {
    const ways = new Map<string, readonly string[]>();
    const add = (lines: readonly string[] | undefined) => {
      const whole = lines?.map(withoutPrefix);
      if (whole) ways.set(whole.join('\n'), whole);
    };
    for (const isHard of [true, false]) {
      add(unwrapped(this.#broken, isHard));
      add(unwrapped(plain, isHard));
    }
    add(fromColumns(this.#lines));
    return ways.values();
  }

  #read(lines: readonly string[], by: PrintedBy, surroundings: WatchSurroundings): Refusal[] {
    const found: Refusal[] = [];
    let printed: PrintedRefusal | undefined;
    const close = () => {
      if (!printed) return;
      const { text } = printed;
      const isKnown = text !== undefined && this.#known.has(text);
      const refusal = isKnown ? this.#known.get(text) : printed.refusal(by, surroundings);
      if (text !== undefined) this.#known.set(text, refusal);
      if (refusal) found.push(refusal);
      printed = undefined;
    };
    for (const line of lines) {
      if (printed?.take(line)) continue;
      close();
      const error = this.#errors.read(line, false);
      if (error) printed = new PrintedRefusal(line, error, this.#errors, this.#at);
    }
    close();
    return found;
  }
}

/** Whether a reading of the same lines explains more than another: better, or whole sentences. */
function saysMore(one: readonly Refusal[], other: readonly Refusal[], isBoxed: boolean): boolean {
  const [best, least] = [mostWorth(one), mostWorth(other)];
  if (best !== least) return best > least;
  if (one.length === 0 || one.length > other.length) return false;
  // the begin of a broken line, taken for a refusal of its own
  if (unexplained(one) < unexplained(other)) return true;
  const [first, second] = [one.at(-1)?.message ?? '', other.at(-1)?.message ?? ''];
  return (
    one.at(-1)?.cause !== 'unknown' &&
    first.length > second.length &&
    first.includes(second) &&
    (isBoxed || !/[.!?]$/.test(second))
  );
}

function unexplained(refusals: readonly Refusal[]): number {
  return refusals.filter(({ cause }) => cause === 'unknown').length;
}

function mostWorth(refusals: readonly Refusal[]): number {
  return Math.max(0, ...refusals.map(worth));
}
