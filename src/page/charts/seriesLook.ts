/** VS Code's chart colours, the calm ones first; red stays for what is wrong. */
const colorCount = 6;

/** A series' class: one of six colours, from the seventh series on with stripes. */
export type Look = `look-${number}`;

/** By what sums are split: a provider looks alike in all charts of the page. */
const looksBySplit = new Map<string, ReadonlyMap<string, Look>>();

export function looksOf(split: string, ids: readonly string[]): ReadonlyMap<string, Look> {
  const looks = seriesLooks(looksBySplit.get(split) ?? new Map(), ids);
  looksBySplit.set(split, looks);
  return looks;
}

/** Looks of series by their ids. A series keeps its look, unless another one of the same chart needs it. */
export function seriesLooks(
  before: ReadonlyMap<string, Look>,
  ids: readonly string[],
): ReadonlyMap<string, Look> {
  const here = new Map<string, Look>();
  for (const id of ids) {
    const taken = new Set(here.values());
    const known = new Set(before.values());
    const own = before.get(id);
    const look =
      own !== undefined && !taken.has(own)
        ? own
        : (allLooks.find(look => !taken.has(look) && !known.has(look)) ??
          allLooks.find(look => !taken.has(look)) ??
          'look-0');
    here.set(id, look);
  }
  const others = [...before].filter(([id]) => !here.has(id)).slice(0, mostRemembered);
  return new Map([...here, ...others]);
}

const mostRemembered = 50;

export const allLooks = Array.from({ length: 2 * colorCount }, (_, index): Look => `look-${index}`);
