import { type Held, heldId, heldTotal, shownHeld } from '../account/heldRequests.ts';
import {
  cancelExplained,
  heldCount,
  heldNames,
  heldTotalText,
  releaseExplained,
  spokenHeldTotal,
  whyHeld,
} from '../account/heldText.ts';
import { type ShownWindow, windowOwner } from '../account/windows.ts';
import { rowKinds } from '../contributions.ts';
import { joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { fullestText } from '../text/windowText.ts';
import type { ViewInput } from '../viewInput.ts';
import { paragraphs } from './partRows.ts';
import { leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

/** A screen reader reads a row again whenever its words change. */
const spokenStepMs = 10_000;

/** A row for each of the `wanted` limits that hold requests. */
export function heldRows(wanted: readonly Held[], input: ViewInput): TreeNode[] {
  const shown = shownHeld(input.held, input.now);
  // ids are unique in the tree, not in a section
  const rows = withUniqueIds(shown.map(each => heldRow(each, input)));
  return rows.filter((_, index) => wanted.some(each => each === shown[index]));
}

/** `12 waiting · downloads nearly full`, for a section. */
export function limitsSummary(
  held: readonly Held[],
  windows: readonly ShownWindow[],
  { now, locale }: ViewInput,
): string {
  const total = heldTotal(held, now);
  const waiting = total && heldTotalText({ waiting: total.waiting }, now, locale);
  return joined([waiting, fullestText(windows, windowOwner)]);
}

function heldRow(held: Held, { now, locale }: ViewInput): TreeNode {
  const { waiting, until } = heldTotal([held], now) ?? held;
  const { owner, model } = heldNames(held);
  const spokenUntil = until && now + Math.ceil((until - now) / spokenStepMs) * spokenStepMs;
  return leaf({
    id: heldId(held),
    label: owner,
    kind: rowKinds.held,
    // the long name last, where a narrow view cuts
    description: joined([heldTotalText({ waiting, until }, now, locale), model]),
    spoken: joined([spokenHeldTotal({ waiting, until: spokenUntil }, now, locale), model]),
    icon: { id: 'watch' },
    tooltip: () =>
      paragraphs(
        escapeMarkdown(`${heldCount(held, locale)}. ${whyHeld(held)}`),
        escapeMarkdown(releaseExplained()),
        escapeMarkdown(cancelExplained()),
      ),
  });
}
