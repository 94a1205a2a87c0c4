import { byName } from '../account/parts.ts';
import { nextPartChangeAt } from '../status/nextRepaint.ts';
import { contentsOf, sameThings } from '../text/rememberLast.ts';
import type { FaceInput } from '../viewInput.ts';
import type { TreeNode } from './treeNode.ts';

/** Ages in tooltips are those of the time at which the rows were made. */
const longestMs = 60_000;

/**
 * A section of endpoints and hardware that is made again only when it may look different: a large account has
 * thousands of such rows, while another section counts down each second.
 */
export function lastingSection(make: (input: FaceInput) => TreeNode): (input: FaceInput) => TreeNode {
  let last: { madeOf: readonly unknown[]; from: number; until: number; section: TreeNode } | undefined;
  return input => {
    const { snapshot, options, locale, now, serverNow } = input;
    const { endpoints, hardware, account } = snapshot;
    const madeOf = [
      ...contentsOf(endpoints),
      ...contentsOf(hardware),
      account.value?.name,
      options.timeZone,
      locale,
      serverNow - now,
    ];
    if (last && now >= last.from && now < last.until && sameThings(last.madeOf, madeOf)) return last.section;
    const parts = [...byName('endpoints', endpoints), ...byName('hardware', hardware)];
    const until = Math.min(nextPartChangeAt(parts, input), now + longestMs);
    last = { madeOf, from: now, until, section: make(input) };
    return last.section;
  };
}
