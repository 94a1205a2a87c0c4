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
import { rowKinds } from '../contributions.ts';
import { joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import type { ViewInput } from '../viewInput.ts';
import { paragraphs } from './partRows.ts';
import { leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

/** A screen reader reads a row again whenever its words change. */
const spokenStepMs = 10_000;

/** A row for each limit that holds requests. */
export function heldRows(input: ViewInput): TreeNode[] {
  return withUniqueIds(shownHeld(input.held, input.now).map(held => heldRow(held, input)));
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
