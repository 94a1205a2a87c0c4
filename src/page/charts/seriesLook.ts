/** VS Code's chart colours, the calm ones first; red stays for what is wrong. */
const colorCount = 6;

/** A series' class: one of six colours, from the seventh series on with stripes. */
export type Look = `look-${number}`;

/** Looks of series by their ids. A series that was drawn before keeps its look, wherever it stands now. */
export function seriesLooks(
  before: ReadonlyMap<string, Look>,
  ids: readonly string[],
): ReadonlyMap<string, Look> {
  const looks = new Map(ids.flatMap(id => (before.has(id) ? [[id, before.get(id) as Look]] : [])));
  const taken = new Set(looks.values());
  for (const id of ids) {
    if (looks.has(id)) continue;
    const free = allLooks.find(look => !taken.has(look)) ?? 'look-0';
    looks.set(id, free);
    taken.add(free);
  }
  return looks;
}

export const allLooks = Array.from({ length: 2 * colorCount }, (_, index): Look => `look-${index}`);
