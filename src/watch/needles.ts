import { Buffer } from 'node:buffer';

/** Characters of a needle that are looked for: wherever it begins, one group of four is where the scan looks. */
const width = 8;
/** Characters that are looked through at a time; a multiple of 16. */
const span = 65_536;
const slotShift = 18;

/** A needle's first eight characters, and where in them the four are that were met. */
interface Place {
  readonly head: string;
  readonly offset: number;
  readonly first: number;
  readonly last: number;
}

function placeOf(head: string, offset: number): Place {
  return { head, offset, first: head.charCodeAt(0), last: head.charCodeAt(width - 1) };
}

/** Which of 16,384 slots four characters belong to. */
function slotOf(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> slotShift;
}

/**
 * Where one of many strings begins in a text, else -1. The scan compares four characters at once with all of them, in
 * a third of the time that one regular expression would take for one of them. A hit may be false: only the first eight
 * characters of a needle count.
 * @throws when a needle is shorter than that, or not of ASCII.
 */
export function needleScan(needles: readonly string[]): (text: string, from: number) => number {
  const words = new Int32Array((span + width + 24) / 4);
  const bytes = Buffer.from(words.buffer);
  const isKnown = new Uint16Array(1 << (32 - slotShift));
  /** By number, which is in `isKnown`; the first belongs to no slot. */
  const places: Place[][] = [[]];
  for (const needle of needles) {
    const head = needle.slice(0, width);
    if (!/^[\x20-\x7e]{8}$/.test(head)) throw new Error(`Can't be looked for: ${needle}`);
    for (let offset = width - 4; offset >= 0; offset--) {
      bytes.write(head.slice(offset), 'latin1');
      const slot = slotOf(words[0] as number);
      if (isKnown[slot] === 0) isKnown[slot] = places.push([]) - 1;
      places[isKnown[slot] as number]?.push(placeOf(head, offset));
    }
  }

  function verified(text: string, from: number, index: number): number {
    const list = places[isKnown[slotOf(words[index] as number)] as number] as Place[];
    for (let next = 0; next < list.length; next++) {
      const { offset, first, last, head } = list[next] as Place;
      const at = index * 4 - offset;
      const alike = at >= 0 && bytes[at] === first && bytes[at + width - 1] === last;
      if (alike && text.startsWith(head, from + at)) return from + at;
    }
    return -1;
  }

  /** Of the text's characters only the lower halves are in `bytes`, so that indexes are the same. */
  function findIn(text: string, from: number): number {
    const length = bytes.write(text.slice(from, from + span + width), 'latin1');
    const end = length >> 2;
    // up to three of the last four may be of a longer text before: what is found there is not verified
    for (let index = 0; index < end; index += 4) {
      const some =
        (isKnown[slotOf(words[index] as number)] as number) |
        (isKnown[slotOf(words[index + 1] as number)] as number) |
        (isKnown[slotOf(words[index + 2] as number)] as number) |
        (isKnown[slotOf(words[index + 3] as number)] as number);
      if (some === 0) continue;
      for (let next = index; next < index + 4; next++) {
        const found = verified(text, from, next);
        if (found >= 0) return found;
      }
    }
    return -1;
  }

  return (text, from) => {
    for (let start = Math.max(0, from); start < text.length; start += span) {
      const found = findIn(text, start);
      if (found >= 0) return found;
    }
    return -1;
  };
}
