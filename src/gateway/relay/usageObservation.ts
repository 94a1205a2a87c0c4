import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { latin1 } from '../latin1.ts';

/** What is kept of a body that passes by: enough to read the usage at its end, in constant memory. */
export class Observation {
  /** Where usage may come first: in a single JSON, and in Anthropic's messages, whose first event has the prompt's. */
  readonly #keepsFirst: boolean;
  /** Compressed bodies can be read as a whole only. */
  readonly #encoding: string | undefined;
  #first: Buffer | undefined;
  /** The last parts, each in the place of the oldest one. */
  #recent: Buffer[] | undefined;
  #recentBytes = 0;
  /** Its remainder is the place of the next one. */
  #count = 0;
  #whole: Buffer[] | undefined;
  #bytes = 0;

  constructor(keepsFirst: boolean, encoding: string | undefined) {
    this.#keepsFirst = keepsFirst;
    this.#encoding = encoding === 'identity' ? undefined : encoding?.toLowerCase();
    this.#whole = this.#encoding === undefined ? undefined : [];
  }

  /** Costs little but the keeping. */
  see(chunk: Buffer): void {
    if (this.#encoding !== undefined) this.#collect(chunk);
    else if (this.#keepsFirst && this.#first === undefined) this.#first = chunk;
    else this.#keep(chunk);
  }

  /**
   * What usage can be looked for in, once; a promise when it has to be decompressed first. Bytes stand for themselves:
   * of usage, which is ASCII, that makes no difference. Empty when it can't be read.
   */
  text(): string | Promise<string> {
    if (this.#encoding !== undefined) {
      return this.#whole === undefined || this.#bytes === 0
        ? ''
        : decoded(Buffer.concat(this.#whole), this.#encoding);
    }
    const text = this.#nearEnd() ?? this.#all();
    this.#first = this.#recent = undefined;
    return text;
  }

  /** The last two parts, where nearly all streams have the whole of their usage: the others need not be read then. */
  #nearEnd(): string | undefined {
    const [part, last] = [this.#ago(2), this.#ago(1)];
    if (part === undefined || last === undefined || this.#keepsFirst) return undefined;
    const text = tailOf(part) + tailOf(last);
    const at = text.lastIndexOf('"usage"');
    const isWhole =
      at >= 0 && text.includes('"prompt_tokens"', at) && text.includes('"completion_tokens"', at);
    return isWhole ? text : undefined;
  }

  #all(): string {
    let text = this.#first === undefined ? '' : headOf(this.#first);
    for (const part of this.#parts()) text += tailOf(part);
    return text;
  }

  /** Parts are only kept: copying each of a stream's takes a twentieth of the stream's time. */
  #keep(part: Buffer): void {
    this.#recent ??= [];
    const last = this.#ago(1);
    if (last !== undefined && last.length >= enoughTail) this.#restart(this.#recent, last);
    const oldest = this.#ago(mostParts);
    if (oldest !== undefined) this.#makeRoom(this.#recent, oldest);
    this.#recent[this.#count % mostParts] = part;
    this.#recentBytes += part.length;
    this.#count += 1;
  }

  /** Of parts so tiny that too little would be left without the oldest one, it makes one. */
  #makeRoom(recent: Buffer[], oldest: Buffer): void {
    if (this.#recentBytes - oldest.length >= leastTail) {
      this.#recentBytes -= oldest.length;
      return;
    }
    const all = Buffer.concat(this.#parts());
    const isEnough = all.length > enoughTail;
    this.#restart(recent, isEnough ? Buffer.from(all.subarray(all.length - enoughTail)) : all);
  }

  /** What came before `part` is too far from the end. */
  #restart(recent: Buffer[], part: Buffer): void {
    recent.length = 0;
    recent.push(part);
    this.#recentBytes = part.length;
    this.#count = 1;
  }

  #ago(parts: number): Buffer | undefined {
    return this.#recent?.[(this.#count + mostParts - parts) % mostParts];
  }

  /** From the oldest one on. */
  #parts(): Buffer[] {
    const parts: Buffer[] = [];
    for (let ago = mostParts; ago > 0; ago -= 1) {
      const part = this.#ago(ago);
      if (part !== undefined) parts.push(part);
    }
    return parts;
  }

  #collect(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > mostCompressed) this.#whole = undefined;
    this.#whole?.push(chunk);
  }
}

const mostCompressed = 256 * 1024;
const mostDecompressed = 4 * 1024 * 1024;
/** Usage is at most some hundred bytes, but a large JSON body may hold more behind it. */
const mostTail = 16 * 1024;
/** Nothing before a part of this size is needed, unless it is the last one. */
const enoughTail = 4 * 1024;
/** The longest usage seen has 600 bytes, and little comes after it. */
const leastTail = 1024;
const mostParts = 8;

function tailOf(part: Buffer): string {
  return latin1(part.length <= mostTail ? part : part.subarray(part.length - mostTail));
}

/** The first chunk may be the only one. */
function headOf(part: Buffer): string {
  return part.length <= 2 * mostTail ? latin1(part) : latin1(part.subarray(0, mostTail)) + tailOf(part);
}

const options = { maxOutputLength: mostDecompressed };
const decoders: Readonly<Record<string, (body: Buffer) => Promise<Buffer>>> = {
  gzip: body => promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip)(body, options),
  'x-gzip': body => promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip)(body, options),
  deflate: body => promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate)(body, options),
  br: body => promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress)(body, options),
  // since Node 22.15
  ...(typeof zlib.zstdDecompress === 'function' && {
    zstd: (body: Buffer) => promisify<Buffer, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress)(body, options),
  }),
};

async function decoded(body: Buffer, encoding: string): Promise<string> {
  const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined;
  try {
    return decode === undefined ? '' : (await decode(body)).toString('utf8');
  } catch {
    return '';
  }
}

/** The words of a refusal, which is small and rare: read at once. Empty when they can't be read. */
export function refusalText(body: Buffer, encoding: string | undefined): string {
  try {
    switch (encoding?.toLowerCase()) {
      case undefined:
      case 'identity':
        return body.toString('utf8');
      case 'gzip':
      case 'x-gzip':
        return zlib.gunzipSync(body, options).toString('utf8');
      case 'deflate':
        return zlib.inflateSync(body, options).toString('utf8');
      case 'br':
        return zlib.brotliDecompressSync(body, options).toString('utf8');
      case 'zstd':
        return zlib.zstdDecompressSync?.(body, options).toString('utf8') ?? '';
      default:
        return '';
    }
  } catch {
    return '';
  }
}
