import { Buffer } from 'node:buffer';

/** Characters of a needle that are looked for. */
const width = 8;
/** Of each so many characters four are looked at: wherever a needle begins, one such group is within it. */
const stride = width - 3;
/** Characters that are looked through at a time: first a few, for where there is one needle there are more. */
const firstSpan = 820 * stride;
const span = 13_100 * stride;
const slotShift = 17;
/** To copy them one by one is quicker than a call to have them copied. */
const few = 24;

/** A needle's first eight characters, and where in them the four are that were met. */
interface Place {
  readonly group: number;
  readonly offset: number;
  readonly head: string;
  readonly first: number;
  readonly last: number;
}

/** Which of 32,768 slots a group of four characters belongs to. */
function slotOf(group: number): number {
  return Math.imul(group, 0x9e3779b1) >>> slotShift;
}

/**
 * Where one of many strings begins in a text, else -1. The scan compares four characters at once with all of them, in
 * a third of the time that one regular expression would take for one of them. A hit may be false: only the first eight
 * characters of a needle count.
 * @throws when a needle is shorter than that, or not of ASCII, or they are too many.
 */
export function needleScan(needles: readonly string[]): (text: string, from: number) => number {
  const groups = new DataView(new ArrayBuffer(span + width + 4 * stride));
  const bytes = Buffer.from(groups.buffer);
  const groupAt = (index: number) => groups.getInt32(index, true);
  const isKnown = new Uint8Array(1 << (32 - slotShift));
  /** By number, which is in `isKnown`; the first belongs to no slot. */
  const places: Place[][] = [[]];
  for (const needle of needles) {
    const head = needle.slice(0, width);
    if (!/^[\x20-\x7e]{8}$/.test(head)) throw new Error(`Can't be looked for: ${needle}`);
    bytes.write(head, 'latin1');
    for (let offset = 0; offset < stride; offset++) {
      const group = groupAt(offset);
      const slot = slotOf(group);
      if (isKnown[slot] === 0) isKnown[slot] = places.push([]) - 1;
      const first = head.charCodeAt(0);
      places[isKnown[slot] as number]?.push({ group, offset, head, first, last: head.charCodeAt(width - 1) });
    }
  }
  if (places.length > 256) throw new Error(`Can't be looked for at once: ${needles.length}`);

  function verified(text: string, from: number, index: number): number {
    const group = groupAt(index);
    const list = places[isKnown[slotOf(group)] as number] as Place[];
    for (let next = 0; next < list.length; next++) {
      const place = list[next] as Place;
      if (place.group !== group) continue;
      const at = index - place.offset;
      const alike = at >= 0 && bytes[at] === place.first && bytes[at + width - 1] === place.last;
      if (alike && text.startsWith(place.head, from + at)) return from + at;
    }
    return -1;
  }

  /** Of the text's characters only the lower halves are in `bytes`, so that indexes are the same. */
  function fill(text: string, from: number, most: number): number {
    const length = Math.min(text.length - from, most);
    if (length > few) return bytes.write(text.slice(from, from + length), 'latin1');
    for (let index = 0; index < length; index++) bytes[index] = text.charCodeAt(from + index);
    return length;
  }

  function findIn(text: string, from: number, length: number): number {
    const end = fill(text, from, length + width);
    // behind the end there is what is left of a longer text before: what is found there is not verified
    for (let index = 0; index < end; index += 4 * stride) {
      const some =
        (isKnown[slotOf(groupAt(index))] as number) |
        (isKnown[slotOf(groupAt(index + stride))] as number) |
        (isKnown[slotOf(groupAt(index + 2 * stride))] as number) |
        (isKnown[slotOf(groupAt(index + 3 * stride))] as number);
      if (some === 0) continue;
      for (let next = index; next < index + 4 * stride; next += stride) {
        const found = verified(text, from, next);
        if (found >= 0) return found;
      }
    }
    return -1;
  }

  return (text, from) => {
    let length = firstSpan;
    for (let start = Math.max(0, from); start < text.length; ) {
      const found = findIn(text, start, length);
      if (found >= 0) return found;
      start += length;
      length = span;
    }
    return -1;
  };
}
