/** Characters of a needle that are looked for. */
const width = 3;
/** Of a letter in ASCII, which tell it from all others. */
const letterBits = 5;
const entries = 1 << (width * letterBits);
/** One more bit is for what has no needles. */
const most = 30;

/** Something that is to be asked about a text only when one of its needles is in it. */
interface Sought {
  readonly needles?: readonly string[];
}

/**
 * Tells in one pass over a text of which items a needle may be in it: by its first three characters. To look for each
 * needle by itself would take most of the time of those who ask.
 */
export class NeedleFilter<Item extends Sought> {
  readonly #bits = new Map<Item, number>();
  /** By three characters, the number of their place in `found`; 0: no needle begins so. */
  readonly #places = new Uint8Array(entries);
  readonly #found: number[] = [0];

  /** @throws when a needle is shorter than that, or the items with needles are too many. */
  constructor(items: readonly Item[]) {
    for (const item of items) {
      if (!item.needles) continue;
      if (this.#bits.size === most) throw new Error(`More than ${most} have needles`);
      const bit = 1 << this.#bits.size;
      this.#bits.set(item, bit);
      for (const needle of item.needles) this.#add(needle, bit);
    }
  }

  /** The item is to be asked when this is among `bitsIn` a text. */
  bitsOf(item: Item): number {
    return this.#bits.get(item) ?? always;
  }

  bitsIn(text: string): number {
    const places = this.#places;
    const found = this.#found;
    let bits = always;
    let entry = 0;
    for (let index = 0; index < text.length; index++) {
      entry = withNext(entry, text.charCodeAt(index));
      const place = places[entry] as number;
      if (place !== 0) bits |= found[place] as number;
    }
    return bits;
  }

  #add(needle: string, bit: number): void {
    if (needle.length < width) throw new Error(`Too short to look for: ${needle}`);
    let entry = 0;
    for (let index = 0; index < width; index++) entry = withNext(entry, needle.charCodeAt(index));
    const place = this.#places[entry] || this.#found.push(0) - 1;
    this.#places[entry] = place;
    this.#found[place] = (this.#found[place] as number) | bit;
  }
}

const always = 1 << most;

/** The last three characters are all that is left of a text in it. */
function withNext(entry: number, code: number): number {
  return ((entry << letterBits) ^ code) & (entries - 1);
}
