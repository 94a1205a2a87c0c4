import { type Held, heldId, shownHeld, waitingOf } from '../account/heldRequests.ts';
import {
  cancelExplained,
  heldNames,
  releaseExplained,
  spokenWaiting,
  waitingText,
  whoWaits,
  whyHeld,
} from '../account/heldText.ts';
import { rowKinds } from '../contributions.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import type { FaceInput } from '../viewInput.ts';
import { leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

/** A row that counts down is read out anew with each change of its words. */
const spokenStepMs = 10_000;

/** A row for each limit in front of which requests wait. */
export function heldRows(input: FaceInput): TreeNode[] {
  const rows = shownHeld(input.options.held, input.now).flatMap(held => heldRow(held, input));
  return withUniqueIds(rows);
}

function heldRow(held: Held, { now, locale }: FaceInput): TreeNode[] {
  const waits = waitingOf([held], now);
  if (!waits) return [];
  const { waiting, until } = waits;
  const { who, what } = heldNames(held);
  const withModel = (text: string) => [text, what].filter(Boolean).join(' · ');
  const stepped =
    until === undefined ? undefined : now + Math.ceil((until - now) / spokenStepMs) * spokenStepMs;
  return [
    leaf({
      id: heldId(held),
      label: who,
      kind: rowKinds.held,
      // what is long goes where a narrow view may cut it off
      description: withModel(waitingText(waits, now, locale)),
      spoken: withModel(spokenWaiting({ waiting, until: stepped }, now, locale)),
      icon: { id: 'watch' },
      tooltip: () =>
        [`${whoWaits(held, locale)}. ${whyHeld(held)}`, releaseExplained(), cancelExplained()]
          .map(sentence => escapeMarkdown(sentence))
          .join('\n\n'),
    }),
  ];
}
