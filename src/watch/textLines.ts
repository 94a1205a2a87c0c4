import { BrokenLine, type FindNeedle } from './brokenLine.ts';
import { isEnd, lineStart } from './lineEnds.ts';

/** A longer line is taken in pieces of this length: no library prints a longer one. */
const longest = 8192;
/** A needle may be cut between two chunks: no needle is longer. */
const overlap = 160;

export interface LineReader {
  /** Whether to read every line now, not only lines with a needle. */
  wantsAll(): boolean;
  /** @param line unchanged, without its end */
  read(line: string): void;
}

/**
 * Cuts a stream of text into lines and hands on those with a needle, with the lines of which they are the rest. The
 * lines are the same however the stream is cut into chunks. Keeps a few lines.
 */
export class TextLines {
  readonly #find: FindNeedle;
  readonly #reader: LineReader;
  readonly #broken: BrokenLine;
  /** The last line, not ended yet. */
  #rest = '';
  /** Whether it has a needle. */
  #restHasNeedle = false;
  /** Whether the last chunk ended in the middle of a line's end. */
  #returned = false;

  constructor(find: FindNeedle, reader: LineReader) {
    this.#find = find;
    this.#reader = reader;
    this.#broken = new BrokenLine(find);
  }

  write(chunk: string): void {
    if (chunk === '') return;
    // `\r\n` may be cut in two
    const text = this.#returned && chunk.startsWith('\n') ? chunk.slice(1) : chunk;
    this.#returned = chunk.endsWith('\r');
    if (this.#reader.wantsAll() || this.#restHasNeedle || this.#hasNeedle(text)) this.#readLines(text);
    else this.#pass(text);
  }

  /** The stream ends or pauses. */
  end(): void {
    const rest = this.#rest;
    this.#rest = '';
    if (rest !== '') this.#take(rest, this.#restHasNeedle);
    this.#restHasNeedle = false;
    this.#broken.forget();
  }

  #hasNeedle(text: string): boolean {
    const seam = this.#rest === '' ? text : this.#rest.slice(-overlap) + text;
    return this.#find(seam, 0) >= 0 || this.#broken.mayGoOn(this.#rest, text);
  }

  /** Text without a needle. */
  #pass(text: string): void {
    const from = lineStart(text, text.length);
    if (from > 0) this.#broken.pass(this.#rest, text, from);
    this.#keep(text, from, false);
  }

  #readLines(chunk: string): void {
    const text = this.#rest + chunk;
    // the kept part has no line end
    const looked = this.#rest.length;
    this.#rest = '';
    let from = 0;
    let hit = this.#find(text, 0);
    while (from < text.length) {
      const end = lineEnd(text, from, looked);
      if (end < 0) break;
      if (hit >= 0 && hit < from) hit = this.#find(text, from);
      this.#take(text.slice(from, end), hit >= 0 && hit < end);
      from = end < from + longest ? afterEnd(text, end) : end;
    }
    this.#keep(text, from, this.#find(text, from) >= 0);
  }

  #take(line: string, hasNeedle: boolean): void {
    if (!this.#reader.wantsAll()) {
      const begun = this.#broken.take(line, hasNeedle);
      if (!begun) return;
      for (const earlier of begun) this.#reader.read(earlier);
    }
    this.#broken.forget();
    this.#reader.read(line);
  }

  /** Keeps the line that begins at `from`, or the longer one that goes on. */
  #keep(text: string, from: number, hasNeedle: boolean): void {
    const begun = from === 0 && this.#rest !== '' ? this.#rest + text : text.slice(from);
    const piece = Math.floor(begun.length / longest) * longest;
    const rest = piece === 0 ? begun : begun.slice(piece);
    // V8 keeps a whole text alive for a slice of it: a large one is copied
    this.#rest = text.length < 65_536 ? rest : Buffer.from(rest, 'utf16le').toString('utf16le');
    this.#restHasNeedle = hasNeedle;
  }
}

/** The end of the line or its first piece from `from` on, not before `looked`; -1: it has not arrived yet. */
function lineEnd(text: string, from: number, looked: number): number {
  const most = Math.min(text.length, from + longest);
  for (let index = Math.max(from, looked); index < most; index++)
    if (isEnd(text.charCodeAt(index))) return index;
  return text.length - from >= longest ? from + longest : -1;
}

function afterEnd(text: string, end: number): number {
  return text.startsWith('\r\n', end) ? end + 2 : end + 1;
}
