import { token } from './fieldSyntax.ts';

/** What a response consists of, as it is read. */
export interface ResponseSink {
  /** @param headers names and values in turn, as they came. */
  head(status: number, statusText: string, headers: string[], keepAlive: boolean): void;
  data(chunk: Buffer): void;
  /** @param trailers names and values in turn. */
  end(trailers: string[]): void;
}

/** A response that is none: what comes after it on that connection can't be told apart from it. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError';
  readonly code = 'HPE_INVALID_RESPONSE';
}

/** As much as node:http allows. */
const mostHead = 16 * 1024;
const mostLine = 4 * 1024;
const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/;
const chunkLine = /^([0-9A-Fa-f]{1,13})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/;

type Phase = 'head' | 'length' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailers' | 'close' | 'done';

/**
 * Reads HTTP/1.1 responses on one connection, one after the other, strictly: what llhttp refuses is refused here, and
 * of what is optional only what is well formed is taken. Bodies are handed on as views of what came, uncopied.
 */
export class ResponseParser {
  readonly #sink: ResponseSink;
  #phase: Phase = 'done';
  #toHead = false;
  /** Of the head, of a chunk's size or of trailers, when it did not come in one piece. */
  #begun = '';
  #left = 0;
  /** Where the bytes go on behind what `#upTo` found. */
  #next = 0;

  constructor(sink: ResponseSink) {
    this.#sink = sink;
  }

  /** @param toHead the request is a HEAD, whose answer has no body. */
  expect(toHead: boolean): void {
    this.#phase = 'head';
    this.#toHead = toHead;
    this.#begun = '';
  }

  get isDone(): boolean {
    return this.#phase === 'done';
  }

  /** @throws ResponseError */
  read(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      switch (this.#phase) {
        case 'head':
          at = this.#head(bytes, at);
          break;
        case 'length':
        case 'chunk':
          at = this.#body(bytes, at);
          break;
        case 'close':
          this.#sink.data(at === 0 ? bytes : bytes.subarray(at));
          return;
        case 'chunk-size':
          at = this.#chunkSize(bytes, at);
          break;
        case 'chunk-end':
          at = this.#chunkEnd(bytes, at);
          break;
        case 'trailers':
          at = this.#trailers(bytes, at);
          break;
        case 'done':
          throw new ResponseError('the server sent more than it was asked for');
      }
    }
  }

  /** The connection has ended. False: in the middle of a response. */
  ended(): boolean {
    if (this.#phase !== 'close') return false;
    this.#phase = 'done';
    this.#sink.end([]);
    return true;
  }

  #head(bytes: Buffer, from: number): number {
    const text = this.#upTo(bytes, from, '\r\n\r\n', mostHead);
    if (text === undefined) return bytes.length;
    const lineEnd = text.indexOf('\r\n');
    const first = lineEnd < 0 ? text : text.slice(0, lineEnd);
    const [, minor, status = '', statusText = ''] = statusLine.exec(first) ?? [];
    if (minor === undefined) throw new ResponseError('the answer does not begin as HTTP/1.1 does');
    const headers = lineEnd < 0 ? [] : fields(text, lineEnd + 2);
    let length: number | undefined;
    let encoding: string | undefined;
    let connection = '';
    for (let index = 0; index < headers.length; index += 2) {
      const name = headers[index] ?? '';
      const value = headers[index + 1] ?? '';
      switch (name.length) {
        case 10:
          if (name.toLowerCase() === 'connection') connection += `,${value.toLowerCase()}`;
          break;
        case 14:
          if (name.toLowerCase() === 'content-length') length = lengthOf(value, length);
          break;
        case 17:
          if (name.toLowerCase() === 'transfer-encoding') {
            encoding = encoding === undefined ? value : `${encoding},${value}`;
          }
      }
    }
    const code = Number(status);
    if (code === 101) throw new ResponseError('the server changed the protocol unasked');
    // what is told meanwhile is nothing to wait for
    if (code < 200) return this.#next;
    if (encoding !== undefined && length !== undefined) {
      throw new ResponseError('the answer has both a length and chunks');
    }
    const next = this.#next;
    const keepAlive = minor === '1' ? !/,[\t ]*close[\t ]*(?:,|$)/.test(connection) : false;
    const phase = this.#framing(code, length, encoding);
    this.#phase = phase;
    this.#left = length ?? 0;
    this.#sink.head(code, statusText, headers, keepAlive && phase !== 'close');
    if (this.#phase === 'done') this.#sink.end([]);
    return next;
  }

  #framing(status: number, length: number | undefined, encoding: string | undefined): Phase {
    if (this.#toHead || status === 204 || status === 304) return 'done';
    if (encoding !== undefined) return /(?:^|,)[\t ]*chunked[\t ]*$/i.test(encoding) ? 'chunk-size' : 'close';
    if (length === undefined) return 'close';
    return length === 0 ? 'done' : 'length';
  }

  #body(bytes: Buffer, from: number): number {
    const to = Math.min(bytes.length, from + this.#left);
    this.#left -= to - from;
    const chunk = from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to);
    const isLast = this.#left === 0 && this.#phase === 'length';
    if (this.#left === 0) this.#phase = isLast ? 'done' : 'chunk-end';
    this.#sink.data(chunk);
    if (isLast) this.#sink.end([]);
    return to;
  }

  #chunkSize(bytes: Buffer, from: number): number {
    const quick = this.#quickSize(bytes, from);
    if (quick !== undefined) return quick;
    const text = this.#upTo(bytes, from, '\r\n', mostLine);
    if (text === undefined) return bytes.length;
    const size = chunkLine.exec(text)?.[1];
    if (size === undefined) throw new ResponseError("a chunk's size is none");
    this.#left = Number.parseInt(size, 16);
    this.#phase = this.#left === 0 ? 'trailers' : 'chunk';
    // so that an empty line is found by the same search as a line with trailers before it
    if (this.#left === 0) this.#begun = '\r\n';
    return this.#next;
  }

  /** A size without extensions in one piece, as nearly all are: streams consist of little else. */
  #quickSize(bytes: Buffer, from: number): number | undefined {
    if (this.#begun !== '') return undefined;
    let size = 0;
    let at = from;
    for (let digit = hexDigit(bytes[at]); digit >= 0 && at - from < 7; digit = hexDigit(bytes[at])) {
      size = size * 16 + digit;
      at += 1;
    }
    if (size === 0 || bytes[at] !== 0x0d || bytes[at + 1] !== 0x0a) return undefined;
    this.#left = size;
    this.#phase = 'chunk';
    return at + 2;
  }

  #chunkEnd(bytes: Buffer, from: number): number {
    if (this.#begun === '' && bytes[from] === 0x0d && bytes[from + 1] === 0x0a) {
      this.#phase = 'chunk-size';
      return from + 2;
    }
    const text = this.#upTo(bytes, from, '\r\n', 2);
    if (text === undefined) return bytes.length;
    if (text !== '') throw new ResponseError('a chunk is longer than its size');
    this.#phase = 'chunk-size';
    return this.#next;
  }

  #trailers(bytes: Buffer, from: number): number {
    const text = this.#upTo(bytes, from, '\r\n\r\n', mostHead);
    if (text === undefined) return bytes.length;
    const trailers = fields(text, 2);
    const next = this.#next;
    this.#phase = 'done';
    this.#sink.end(trailers);
    return next;
  }

  /** What comes before `mark`, with what came before these bytes; undefined when the mark is not there yet. */
  #upTo(bytes: Buffer, from: number, mark: string, most: number): string | undefined {
    const begun = this.#begun;
    if (begun === '') {
      const end = bytes.indexOf(mark, from, 'latin1');
      if (end < 0 ? bytes.length - from > most : end - from > most) throw tooLong();
      if (end < 0) {
        this.#begun = latin1(bytes, from, bytes.length);
        return undefined;
      }
      this.#next = end + mark.length;
      return latin1(bytes, from, end);
    }
    // the mark itself may have begun before
    const text = begun + latin1(bytes, from, from + most + mark.length);
    const end = text.indexOf(mark, Math.max(0, begun.length - mark.length + 1));
    if (end < 0 ? text.length > most + mark.length : end > most) throw tooLong();
    if (end < 0) {
      this.#begun = text;
      return undefined;
    }
    this.#next = from + end + mark.length - begun.length;
    this.#begun = '';
    return text.slice(0, end);
  }
}

function tooLong(): ResponseError {
  return new ResponseError('a line is too long');
}

/** Names and values in turn, of lines from there to the end. @throws ResponseError */
function fields(text: string, from: number): string[] {
  const found: string[] = [];
  let at = from;
  while (at < text.length) {
    const name = at;
    while (at < text.length && ofToken[text.charCodeAt(at)] === 1) at += 1;
    if (at === name || text[at] !== ':') throw new ResponseError('a header has no name');
    const colon = at;
    at += 1;
    while (at < text.length && isSpace(text.charCodeAt(at))) at += 1;
    const value = at;
    let valueEnd = at;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (ofValue[code] !== 1) break;
      if (!isSpace(code)) valueEnd = at + 1;
    }
    found.push(text.slice(name, colon), text.slice(value, valueEnd));
    if (at === text.length) break;
    if (!text.startsWith('\r\n', at)) throw new ResponseError('a header has a control character');
    at += 2;
  }
  return found;
}

const ofToken = characters(token);
const ofValue = characters(/[\t\x20-\x7e\x80-\xff]/);

/** 1 for each code of Latin-1 that is one. */
function characters(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => Number(pattern.test(String.fromCharCode(code))));
}

/** -1: it is none. */
function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function lengthOf(value: string, before: number | undefined): number {
  if (before !== undefined || !/^\d{1,15}$/.test(value)) throw new ResponseError('the length is none');
  return Number(value);
}

interface Sliceable extends Buffer {
  latin1Slice(start: number, end: number): string;
}

function latin1(bytes: Buffer, from: number, to: number): string {
  return (bytes as Sliceable).latin1Slice(from, Math.min(to, bytes.length));
}
