/** A longer line is taken in pieces of this length: nothing that a library prints is longer. */
const longest = 8192;
/** A needle's first eight characters may be cut anywhere. */
const overlap = 7;

/** Where a needle begins in a text, from an index on, else -1. */
export type FindNeedle = (text: string, from: number) => number;

export interface LineReader {
  /** Whether every line matters at present, not only one with a needle in it. */
  wantsAll(): boolean;
  /** One line as it came, without its end. */
  read(line: string): void;
}

/**
 * Cuts a stream of text into lines and hands on the few that may matter. Lines begin and end where they do, however the
 * stream is cut into chunks. Keeps less than one line.
 */
export class TextLines {
  readonly #find: FindNeedle;
  readonly #reader: LineReader;
  /** The line that has not ended yet. */
  #rest = '';
  /** Whether it has a needle. */
  #restHasNeedle = false;
  /** Whether the last chunk ended in the middle of a line's end. */
  #returned = false;

  constructor(find: FindNeedle, reader: LineReader) {
    this.#find = find;
    this.#reader = reader;
  }

  write(chunk: string): void {
    if (chunk === '') return;
    // the second half of a line's end
    const text = this.#returned && chunk.startsWith('\n') ? chunk.slice(1) : chunk;
    this.#returned = chunk.endsWith('\r');
    if (this.#reader.wantsAll() || this.#restHasNeedle || this.#hasNeedle(text)) this.#readLines(text);
    else this.#keep(text, lastLine(text, 0), false);
  }

  /** The stream ends, or pauses at the end of what it has to say. */
  end(): void {
    const rest = this.#rest;
    this.#rest = '';
    if (rest !== '' && (this.#reader.wantsAll() || this.#restHasNeedle)) this.#reader.read(rest);
    this.#restHasNeedle = false;
  }

  #hasNeedle(text: string): boolean {
    const seam = this.#rest === '' ? '' : this.#rest.slice(-overlap) + text.slice(0, overlap);
    return this.#find(text, 0) >= 0 || (seam !== '' && this.#find(seam, 0) >= 0);
  }

  #readLines(chunk: string): void {
    const text = this.#rest + chunk;
    // no line ends in what was kept
    const looked = this.#rest.length;
    this.#rest = '';
    let from = 0;
    let hit = this.#find(text, 0);
    while (from < text.length) {
      if (!this.#reader.wantsAll()) {
        if (hit >= 0 && hit < from) hit = this.#find(text, from);
        from = hit < 0 ? lastLine(text, from) : lineAround(text, from, hit);
      }
      const end = lineEnd(text, from, looked);
      if (end < 0) break;
      this.#reader.read(text.slice(from, end));
      from = end < from + longest ? afterEnd(text, end) : end;
    }
    this.#keep(text, from, this.#find(text, from) >= 0);
  }

  /** The line that begins at `from`, or goes on from what is kept of it, has not ended. */
  #keep(text: string, from: number, hasNeedle: boolean): void {
    const begun = from === 0 && this.#rest !== '' ? this.#rest + text : text.slice(from);
    const piece = Math.floor(begun.length / longest) * longest;
    const rest = piece === 0 ? begun : begun.slice(piece);
    // V8 keeps the whole text for a slice of it, which matters for a large one
    this.#rest = text.length < 65_536 ? rest : Buffer.from(rest, 'utf16le').toString('utf16le');
    this.#restHasNeedle = hasNeedle;
  }
}

/** Where the line that begins at `from` ends, not before `looked`, or its first piece; -1 when that has not come yet. */
function lineEnd(text: string, from: number, looked: number): number {
  const most = Math.min(text.length, from + longest);
  for (let index = Math.max(from, looked); index < most; index++)
    if (isEnd(text.charCodeAt(index))) return index;
  return text.length - from >= longest ? from + longest : -1;
}

function afterEnd(text: string, end: number): number {
  return text.startsWith('\r\n', end) ? end + 2 : end + 1;
}

/** Where the line begins that `at` is in, not before `from`. */
function lineAround(text: string, from: number, at: number): number {
  const start = lastLine(text, from, at);
  return start + Math.floor((at - start) / longest) * longest;
}

/** Where the line begins that ends before `to`. */
function lastLine(text: string, from: number, to = text.length): number {
  let start = to;
  while (start > from && !isEnd(text.charCodeAt(start - 1))) start--;
  return start;
}

function isEnd(code: number): boolean {
  return code === 10 || code === 13;
}
