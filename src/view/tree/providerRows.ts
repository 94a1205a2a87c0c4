import * as l10n from '@vscode/l10n';
import type { RateWindow } from '../../limits/headers/rateLimit.ts';
import { type ProviderWindow, windowNow } from '../../limits/pacing/providerWindow.ts';
import { resetCountdown, shownWindows, windowName } from '../account/providerWindows.ts';
import { rowKinds } from '../contributions.ts';
import { joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { idSegment } from '../text/idSegment.ts';
import { oneLine } from '../text/plainText.ts';
import { spokenDuration } from '../text/spoken.ts';
import { ageText, spanInWords } from '../text/times.ts';
import { fullestText, fullnessText, spokenUsage, usageText, windowIcon } from '../text/windowText.ts';
import type { ViewInput } from '../viewInput.ts';
import { branch, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
/** A screen reader reads a row again whenever its words change. */
const spokenStepMs = 10_000;

/** A row for each model of a key, and for each account that all users share, with its windows below. */
export function providerRows(input: ViewInput): TreeNode[] {
  const windows = shownWindows(input.providerWindows, input.now);
  const groups = [...Map.groupBy(windows, groupId)].map(([id, of]) => groupRow(id, of, input));
  return withUniqueIds(groups);
}

/** No segment has a colon, so no model is taken for the shared account. */
function groupId({ provider, model, isShownOnly }: ProviderWindow): string {
  const owner = isShownOnly ? ':shared' : idSegment(model ?? '');
  return `rate-limits:provider/${idSegment(provider)}/${owner}`;
}

function groupRow(id: string, windows: readonly ProviderWindow[], input: ViewInput): TreeNode {
  const [{ provider = '', model = '', isShownOnly = false } = {}] = windows;
  const { now } = input;
  const name = oneLine(provider, 24);
  const row = {
    id,
    kind: rowKinds.value,
    tooltip: () => escapeMarkdown(limitOwner(provider, model, isShownOnly), 1000),
  };
  const children = withUniqueIds(windows.map(window => windowRow(id, window, input)));
  if (!isShownOnly) {
    const label = joined([name, oneLine(model, 80)]);
    const description = fullestText(
      windows.map(window => ({ name: windowName(window), state: windowNow(window, now).state })),
    );
    return branch({ ...row, label, description, icon: { id: 'key' } }, true, children);
  }
  const label = l10n.t('{0}, shared', name);
  const description = l10n.t('by all users of Hugging Face');
  const spoken = l10n.t('by all users of Hugging Face, not your own limit');
  return branch({ ...row, label, description, spoken, icon: { id: 'globe' } }, false, children);
}

function windowRow(group: string, window: ProviderWindow, input: ViewInput): TreeNode {
  const { now, locale } = input;
  const known = windowNow(window, now);
  const usage = usageText(known, locale);
  const label = windowName(window);
  const { resetsAt, state } = known;
  return leaf({
    id: `${group}/${idSegment(window.bucket)}`,
    label,
    kind: rowKinds.value,
    description: joined([usage, resetCountdown(window, now, locale)]),
    spoken: joined([
      spokenUsage(known, locale),
      !window.isShownOnly && fullnessText(state),
      resetsAt !== undefined && l10n.t('resets in {0}', spokenReset(resetsAt - now, locale)),
    ]),
    icon: window.isShownOnly ? { id: 'globe' } : windowIcon(state),
    tooltip: () => escapeMarkdown(tooltip(window, known, input), 1000),
    copyValue: `${oneLine(window.provider, 24)} · ${label}: ${usage}`,
  });
}

function spokenReset(ms: number, locale: string): string {
  const step = ms > hourMs ? hourMs : ms > minuteMs ? minuteMs : spokenStepMs;
  return spokenDuration(Math.ceil(ms / step) * step, locale);
}

function limitOwner(provider: string, model: string, isShared: boolean): string {
  const name = oneLine(provider, 40);
  return isShared
    ? l10n.t(
        'The limit of Hugging Face’s own account at {0}, which all users share. It is not your limit, and the gateway holds no requests for it.',
        name,
      )
    : l10n.t('The limit of your {0} key for {1}.', name, oneLine(model, 80));
}

function tooltip(window: ProviderWindow, known: RateWindow, { now, locale }: ViewInput): string {
  const { provider, model = '', windowSeconds, asOf, isShownOnly = false, remaining } = window;
  const isOver = remaining !== undefined && known.remaining === undefined;
  const sentences = [
    limitOwner(provider, model, isShownOnly),
    windowSeconds !== undefined && l10n.t('A window of {0}.', spanInWords(windowSeconds, locale)),
    isOver && l10n.t('That window is over. The use since then is not known.'),
    l10n.t('Reported to the gateway {0}.', ageText(asOf, now, locale)),
  ];
  return sentences.filter(Boolean).join(' ');
}
