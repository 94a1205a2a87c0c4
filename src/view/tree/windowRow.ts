import * as l10n from '@vscode/l10n';
import {
  countsSeconds,
  isNearlyFull,
  resetText,
  type ShownWindow,
  shortLimitName,
  windowName,
} from '../account/windows.ts';
import { rowKinds } from '../contributions.ts';
import { joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { idSegment } from '../text/idSegment.ts';
import { oneLine } from '../text/plainText.ts';
import { spokenDuration } from '../text/spoken.ts';
import { ageText } from '../text/times.ts';
import { fullnessText, spokenUsage, usageText, windowIcon } from '../text/windowText.ts';
import type { ViewInput } from '../viewInput.ts';
import { leaf, type TreeNode } from './treeNode.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
/** A screen reader reads a row again whenever its words change. */
const spokenStepMs = 10_000;

/** A rate limit's window: its use, and its reset when it is near. `tooltip`: sentences in plain text, some empty. */
export function windowRow(
  parentId: string,
  window: ShownWindow,
  input: ViewInput,
  tooltip: () => readonly (string | false | undefined)[],
): TreeNode {
  const { bucket, provider, state, isShownOnly, isOver, asOf } = window;
  const label = windowName(window);
  const usage = usageText(window, input.locale);
  return leaf({
    id: `${parentId}/${idSegment(bucket)}`,
    label,
    short: windowName(window, shortLimitName),
    kind: rowKinds.value,
    description: joined([usage, shownReset(window, input)]),
    spoken: joined([
      spokenUsage(window, input.locale),
      !isShownOnly && fullnessText(state),
      spokenReset(window, input),
    ]),
    ...(isOver && { age: ageText(asOf, input.now, input.locale) }),
    ...(provider === undefined && state === 'full' && { quota: { kind: 'hub-window', of: bucket } as const }),
    icon: isShownOnly ? { id: 'globe' } : windowIcon(state),
    tooltip: () => escapeMarkdown(tooltip().filter(Boolean).join(' '), 1000),
    copyValue: joined([provider && oneLine(provider, 24), `${label}: ${usage}`]),
  });
}

/** `opens in 1:52`; a window of the Hub with room says it in the tooltip only. */
function shownReset(window: ShownWindow, input: ViewInput): string {
  const reset = resetText(window, input);
  if (isNearlyFull(window) && countsSeconds(window, input.now)) return l10n.t('opens in {0}', reset);
  return window.provider === undefined ? '' : reset;
}

function spokenReset(window: ShownWindow, { now, locale }: ViewInput): string | undefined {
  const left = (window.resetsAt ?? now) - now;
  if (left <= 0) return undefined;
  const isOfHub = window.provider === undefined;
  if (isOfHub && !countsSeconds(window, now)) return undefined;
  if (isOfHub) return l10n.t('opens in {0}', spokenDuration(left, locale));
  const short = left <= minuteMs && countsSeconds(window, now) ? spokenStepMs : minuteMs;
  const step = left > hourMs ? hourMs : short;
  return l10n.t('resets in {0}', spokenDuration(Math.ceil(left / step) * step, locale));
}
