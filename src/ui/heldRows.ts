import { rowKinds } from './contributions.ts';
import { escapeMarkdown } from './escapeMarkdown.ts';
import type { FaceInput } from './faceInput.ts';
import { type Held, heldId, shownHeld, waitingOf } from './heldRequests.ts';
import {
  cancelExplained,
  heldName,
  releaseExplained,
  spokenWaiting,
  waitingText,
  whoWaits,
  whyHeld,
} from './heldText.ts';
import { leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

/** A row that counts down is read out anew with each change of its words. */
const SPOKEN_STEP_MS = 10_000;

/** A row for each limit in front of which requests wait. */
export function heldRows(input: FaceInput): TreeNode[] {
  const rows = shownHeld(input.options.held, input.now).flatMap(held => heldRow(held, input));
  return withUniqueIds(rows);
}

function heldRow(held: Held, { now, locale }: FaceInput): TreeNode[] {
  const waits = waitingOf([held], now);
  if (!waits) return [];
  const { waiting, until } = waits;
  const stepped =
    until === undefined ? undefined : now + Math.ceil((until - now) / SPOKEN_STEP_MS) * SPOKEN_STEP_MS;
  return [
    leaf({
      id: heldId(held),
      label: heldName(held),
      kind: rowKinds.held,
      description: waitingText(waits, now, locale),
      spoken: spokenWaiting({ waiting, until: stepped }, now, locale),
      icon: { id: 'watch' },
      tooltip: () =>
        [`${whoWaits(held, locale)}. ${whyHeld(held)}`, releaseExplained(), cancelExplained()]
          .map(sentence => escapeMarkdown(sentence))
          .join('\n\n'),
    }),
  ];
}
