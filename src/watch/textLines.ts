/** A longer line is taken in pieces of this length: no library prints a longer one. */
const longest = 8192;
/** A needle may be cut between two chunks: no needle is longer. */
const overlap = 160;

/** Where a needle begins in a text, from an index on, else -1. */
export type FindNeedle = (text: string, from: number) => number;

export interface LineReader {
  /** Whether to read every line now, not only lines with a needle. */
  wantsAll(): boolean;
  /** @param line unchanged, without its end */
  read(line: string): void;
}

/**
 * Cuts a stream of text into lines and hands on those with a needle. The lines are the same however the
 * stream is cut into chunks. Keeps less than one line.
 */
export class TextLines {
  readonly #find: FindNeedle;
  readonly #reader: LineReader;
  /** The last line, not ended yet. */
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
    // `\r\n` may be cut in two
    const text = this.#returned && chunk.startsWith('\n') ? chunk.slice(1) : chunk;
    this.#returned = chunk.endsWith('\r');
    if (this.#reader.wantsAll() || this.#restHasNeedle || this.#hasNeedle(text)) this.#readLines(text);
    else this.#keep(text, lastLine(text, 0), false);
  }

  /** The stream ends or pauses. */
  end(): void {
    const rest = this.#rest;
    this.#rest = '';
    if (rest !== '' && (this.#reader.wantsAll() || this.#restHasNeedle)) this.#reader.read(rest);
    this.#restHasNeedle = false;
  }

  #hasNeedle(text: string): boolean {
    return this.#find(this.#rest === '' ? text : this.#rest.slice(-overlap) + text, 0) >= 0;
  }

  #readLines(chunk: string): void {
    const text = this.#rest + chunk;
    // the kept part has no line end
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

/** The start of the line around `at`, or of its piece; not before `from`. */
function lineAround(text: string, from: number, at: number): number {
  const start = lastLine(text, from, at);
  return start + Math.floor((at - start) / longest) * longest;
}

/** The start of the line that ends before `to`. */
function lastLine(text: string, from: number, to = text.length): number {
  let start = to;
  while (start > from && !isEnd(text.charCodeAt(start - 1))) start--;
  return start;
}

function isEnd(code: number): boolean {
  return code === 10 || code === 13;
}
