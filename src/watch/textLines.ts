import { needleScan } from './needles.ts';

/** A longer line is taken in pieces of this length: nothing that a library prints is longer. */
const longest = 8192;

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
  private readonly find: (text: string, from: number) => number;
  private readonly reader: LineReader;
  /** The line that has not ended yet. */
  private rest = '';
  /** How much of it is known to be without a needle. */
  private scanned = 0;
  /** Whether the last chunk ended in the middle of a line's end. */
  private returned = false;

  constructor(needles: readonly string[], reader: LineReader) {
    this.find = needleScan(needles);
    this.reader = reader;
  }

  write(chunk: string): void {
    // the second half of a line's end
    const text = this.rest + (this.returned && chunk.startsWith('\n') ? chunk.slice(1) : chunk);
    if (chunk !== '') this.returned = chunk.endsWith('\r');
    let from = 0;
    let hit = this.find(text, this.scanned);
    while (from < text.length) {
      if (!this.reader.wantsAll()) {
        if (hit >= 0 && hit < from) hit = this.find(text, from);
        if (hit < 0) {
          from = lastLine(text, from);
          break;
        }
        from = lineAround(text, from, hit);
      }
      const end = lineEnd(text, from);
      if (end < 0) break;
      this.reader.read(text.slice(from, end));
      from = end < from + longest ? afterEnd(text, end) : end;
    }
    this.rest = from === text.length ? '' : released(text.slice(from), text.length);
    this.scanned = hit < 0 ? Math.max(0, this.rest.length - 7) : 0;
  }

  /** The stream ends, or pauses at the end of what it has to say. */
  end(): void {
    const { rest } = this;
    this.rest = '';
    this.scanned = 0;
    if (rest !== '' && (this.reader.wantsAll() || this.find(rest, 0) >= 0)) this.reader.read(rest);
  }
}

/** Where the line that begins at `from` ends, or its first piece; -1 when that has not come yet. */
function lineEnd(text: string, from: number): number {
  const most = Math.min(text.length, from + longest);
  for (let index = from; index < most; index++) {
    const code = text.charCodeAt(index);
    if (code === 10 || code === 13) return index;
  }
  return text.length - from >= longest ? from + longest : -1;
}

function afterEnd(text: string, end: number): number {
  return text.startsWith('\r\n', end) ? end + 2 : end + 1;
}

/** Where the line begins that `at` is in, not before `from`. */
function lineAround(text: string, from: number, at: number): number {
  let start = at;
  while (start > from && !isEnd(text.charCodeAt(start - 1))) start--;
  return piece(start, at);
}

/** Where the line begins that has not ended. */
function lastLine(text: string, from: number): number {
  let start = text.length;
  while (start > from && !isEnd(text.charCodeAt(start - 1))) start--;
  return piece(start, text.length);
}

function piece(start: number, at: number): number {
  return start + Math.floor((at - start) / longest) * longest;
}

function isEnd(code: number): boolean {
  return code === 10 || code === 13;
}

/** V8 keeps the whole text for a slice of it, which matters for a large one. */
function released(slice: string, wholeLength: number): string {
  return wholeLength < 65_536 ? slice : Buffer.from(slice, 'utf16le').toString('utf16le');
}
