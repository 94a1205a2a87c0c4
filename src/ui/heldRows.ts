import { rowKinds } from './contributions.ts';
import { escapeMarkdown } from './escapeMarkdown.ts';
import type { FaceInput } from './faceInput.ts';
import { type Held, heldId, shownHeld, waitingOf } from './heldRequests.ts';
import {
  cancelExplained,
  heldNames,
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
  const { who, what } = heldNames(held);
  const withModel = (text: string) => [text, what].filter(Boolean).join(' · ');
  const stepped =
    until === undefined ? undefined : now + Math.ceil((until - now) / SPOKEN_STEP_MS) * SPOKEN_STEP_MS;
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
