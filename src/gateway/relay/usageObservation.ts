import { mostCompressedUsageBytes, mostDecodedUsageBytes } from '../../limits/bounds.ts';
import { decode, isEncoded } from './contentDecoding.ts';

/** Usage has some hundred bytes, but a large JSON body may hold more behind it. */
const maxTailBytes = 16 * 1024;
/** Nothing before a part of this size is needed, unless it is the last one. */
const enoughTailBytes = 4 * 1024;
/** The longest usage seen has 600 bytes, and little comes after it. */
const minTailBytes = 1024;
const maxParts = 8;

/** The parts of a passing body in which usage may stand, in constant memory. */
export class UsageObservation {
  /** For single JSON, and for Anthropic's messages, whose first event has the prompt's tokens. */
  readonly #keepsFirst: boolean;
  /** Compressed bodies can be read as a whole only. */
  readonly #encoding: string | undefined;
  #first: Buffer | undefined;
  /** Ring of the last parts. */
  #recent: Buffer[] | undefined;
  #recentBytes = 0;
  /** Index of the next part, modulo `maxParts`. */
  #count = 0;
  #whole: Buffer[] | undefined;
  #wholeBytes = 0;

  constructor(keepsFirst: boolean, encoding: string | undefined) {
    this.#keepsFirst = keepsFirst;
    this.#encoding = isEncoded(encoding) ? encoding : undefined;
    this.#whole = this.#encoding === undefined ? undefined : [];
  }

  /** Keeps the part, uncopied: a copy of each takes 5 % of a stream's time. */
  see(chunk: Buffer): void {
    if (this.#encoding !== undefined) this.#collect(chunk);
    else if (this.#keepsFirst && this.#first === undefined) this.#first = chunk;
    else this.#keep(chunk);
  }

  /**
   * Text to look for usage in; a promise while it is decompressed, empty when it can't be. To be read once. A character
   * for each byte: usage is ASCII.
   */
  text(): string | Promise<string> {
    if (this.#encoding !== undefined) return this.#decoded(this.#encoding);
    const text = this.#nearEnd() ?? this.#all();
    this.#first = this.#recent = undefined;
    return text;
  }

  #decoded(encoding: string): string | Promise<string> {
    const body = Buffer.concat(this.#whole ?? []);
    this.#whole = undefined;
    if (body.length === 0) return '';
    const plain = new UsageObservation(true, undefined);
    return decode(body, encoding, mostDecodedUsageBytes, part => plain.see(part)).then(isWhole =>
      isWhole ? plain.text() : '',
    );
  }

  /** The last two parts when they hold all of the usage, as in nearly all streams. */
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

  #keep(part: Buffer): void {
    this.#recent ??= [];
    const last = this.#ago(1);
    if (last !== undefined && last.length >= enoughTailBytes) this.#restart(this.#recent, last);
    const oldest = this.#ago(maxParts);
    if (oldest !== undefined) this.#makeRoom(this.#recent, oldest);
    this.#recent[this.#count % maxParts] = part;
    this.#recentBytes += part.length;
    this.#count += 1;
  }

  /** Joins parts that are so small that too little would be left without the oldest one. */
  #makeRoom(recent: Buffer[], oldest: Buffer): void {
    if (this.#recentBytes - oldest.length >= minTailBytes) {
      this.#recentBytes -= oldest.length;
      return;
    }
    const all = Buffer.concat(this.#parts());
    const isEnough = all.length > enoughTailBytes;
    this.#restart(recent, isEnough ? Buffer.from(all.subarray(all.length - enoughTailBytes)) : all);
  }

  /** Forgets all parts before `part`. */
  #restart(recent: Buffer[], part: Buffer): void {
    recent.length = 0;
    recent.push(part);
    this.#recentBytes = part.length;
    this.#count = 1;
  }

  #ago(parts: number): Buffer | undefined {
    return this.#recent?.[(this.#count + maxParts - parts) % maxParts];
  }

  /** Oldest first. */
  #parts(): Buffer[] {
    const parts: Buffer[] = [];
    for (let ago = maxParts; ago > 0; ago -= 1) {
      const part = this.#ago(ago);
      if (part !== undefined) parts.push(part);
    }
    return parts;
  }

  #collect(chunk: Buffer): void {
    this.#wholeBytes += chunk.length;
    if (this.#wholeBytes > mostCompressedUsageBytes) this.#whole = undefined;
    this.#whole?.push(chunk);
  }
}

function tailOf(part: Buffer): string {
  return part.toString('latin1', Math.max(0, part.length - maxTailBytes));
}

/** The first chunk may be the only one. */
function headOf(part: Buffer): string {
  return part.length <= 2 * maxTailBytes
    ? part.toString('latin1')
    : part.toString('latin1', 0, maxTailBytes) + tailOf(part);
}
