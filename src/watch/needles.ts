/** Characters of a needle that are looked for; the scan leaps by up to one less. */
const width = 8;
const mask = 0xfff;

function pairAt(text: string, index: number): number {
  return ((text.charCodeAt(index) << 5) ^ text.charCodeAt(index + 1)) & mask;
}

/**
 * Where one of many strings begins in a text, else -1: Wu and Manber's search, which looks at every seventh pair of
 * characters of a text that has none of them. A hit may be false: only the first eight characters count.
 * @throws when a needle is shorter than that.
 */
export function needleScan(needles: readonly string[]): (text: string, from: number) => number {
  const leaps = new Uint8Array(mask + 1).fill(width - 1);
  const endings = new Map<number, string[]>();
  for (const needle of needles) {
    const head = needle.slice(0, width);
    if (head.length < width) throw new Error(`Too short to look for: ${needle}`);
    for (let index = 0; index < width - 1; index++) {
      const pair = pairAt(head, index);
      leaps[pair] = Math.min(leaps[pair] ?? 0, width - 2 - index);
    }
    const last = pairAt(head, width - 2);
    endings.set(last, [...(endings.get(last) ?? []), head]);
  }
  return (text, from) => {
    const end = text.length - 1;
    for (let index = Math.max(0, from) + width - 2; index < end; ) {
      const pair = ((text.charCodeAt(index) << 5) ^ text.charCodeAt(index + 1)) & mask;
      const leap = leaps[pair] ?? 1;
      if (leap > 0) {
        index += leap;
        continue;
      }
      const start = index - width + 2;
      if (endings.get(pair)?.some(head => text.startsWith(head, start))) return start;
      index++;
    }
    return -1;
  };
}
