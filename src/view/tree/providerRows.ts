import * as l10n from '@vscode/l10n';
import type { RateWindow } from '../../limits/headers/rateLimit.ts';
import { type ProviderWindow, windowNow } from '../../limits/pacing/providerWindow.ts';
import { resetCountdown, shownWindows, windowName } from '../account/providerWindows.ts';
import { rowKinds } from '../contributions.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { oneLine } from '../text/plainText.ts';
import { spokenDuration } from '../text/spoken.ts';
import { ageText, spanInWords } from '../text/times.ts';
import { usageText, windowIcon } from '../text/windowText.ts';
import type { FaceInput } from '../viewInput.ts';
import { branch, idSegment, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
/** A row that counts down is read out anew with each change of its words: no more often than the time looks different. */
const spokenStepMs = 10_000;

/** For each model of a key, and for each account that all share, a row with a row for each window: names are long. */
export function providerRows(input: FaceInput): TreeNode[] {
  const windows = shownWindows(input.options.providerWindows, input.now);
  const groups = [...Map.groupBy(windows, groupId)].map(([id, of]) => groupRow(id, of, input));
  return withUniqueIds(groups);
}

/** A colon is in no segment: no model is taken for the shared account. */
function groupId({ provider, model, isShownOnly }: ProviderWindow): string {
  const whose = isShownOnly ? ':shared' : idSegment(model ?? '');
  return `rate-limits:provider/${idSegment(provider)}/${whose}`;
}

function groupRow(id: string, windows: readonly ProviderWindow[], input: FaceInput): TreeNode {
  const [{ provider = '', model = '', isShownOnly = false } = {}] = windows;
  const name = oneLine(provider, 24);
  const row = {
    id,
    kind: rowKinds.value,
    tooltip: () => escapeMarkdown(whoseLimit(provider, model, isShownOnly), 1000),
  };
  const children = withUniqueIds(windows.map(window => windowRow(id, window, input)));
  if (!isShownOnly) {
    const label = [name, oneLine(model, 80)].filter(Boolean).join(' · ');
    return branch(
      { ...row, label, description: fullest(windows, input), icon: { id: 'key' } },
      true,
      children,
    );
  }
  // closed until somebody wants to know: it is nobody's alarm
  return branch(
    {
      ...row,
      label: l10n.t('{0}, shared', name),
      description: l10n.t('by all users of Hugging Face'),
      spoken: l10n.t('by all users of Hugging Face, not your own limit'),
      icon: { id: 'globe' },
    },
    false,
    children,
  );
}

/** For when the row is closed. */
function fullest(windows: readonly ProviderWindow[], { now }: FaceInput): string {
  const known = windows.map(window => ({ name: windowName(window), state: windowNow(window, now).state }));
  const full = known.find(({ state }) => state === 'full');
  if (full) return l10n.t('{0} full', full.name);
  const nearly = known.find(({ state }) => state === 'nearly-full');
  return nearly ? l10n.t('{0} nearly full', nearly.name) : '';
}

function windowRow(group: string, window: ProviderWindow, input: FaceInput): TreeNode {
  const { now, locale } = input;
  const known = windowNow(window, now);
  const usage = usageText(known, locale);
  const label = windowName(window);
  const spoken = [
    usage.replace(' / ', ` ${l10n.t('of')} `),
    window.isShownOnly ? '' : stateWords(known),
    known.resetsAt === undefined ? '' : l10n.t('resets in {0}', spokenReset(known.resetsAt - now, locale)),
  ];
  return leaf({
    id: `${group}/${idSegment(window.bucket)}`,
    label,
    kind: rowKinds.value,
    description: [usage, resetCountdown(window, now, locale)].filter(Boolean).join(' · '),
    spoken: spoken.filter(Boolean).join(', '),
    icon: window.isShownOnly ? { id: 'globe' } : windowIcon(known.state),
    tooltip: () => escapeMarkdown(tooltip(window, known, input), 1000),
    copyValue: `${oneLine(window.provider, 24)} · ${label}: ${usage}`,
  });
}

function stateWords({ state }: RateWindow): string {
  return state === 'full' ? l10n.t('full') : state === 'nearly-full' ? l10n.t('nearly full') : '';
}

function spokenReset(ms: number, locale: string): string {
  const step = ms > hourMs ? hourMs : ms > minuteMs ? minuteMs : spokenStepMs;
  return spokenDuration(Math.ceil(ms / step) * step, locale);
}

function whoseLimit(provider: string, model: string, isShared: boolean): string {
  const name = oneLine(provider, 40);
  return isShared
    ? l10n.t(
        'The limit of Hugging Face’s own account at {0}, which all users of Hugging Face share. It is not your limit, and the gateway holds nothing because of it.',
        name,
      )
    : l10n.t('The limit of your {0} key for {1}.', name, oneLine(model, 80));
}

function tooltip(window: ProviderWindow, known: RateWindow, { now, locale }: FaceInput): string {
  const { provider, model = '', windowSeconds, asOf, isShownOnly = false, remaining } = window;
  const sentences = [
    whoseLimit(provider, model, isShownOnly),
    windowSeconds === undefined ? '' : l10n.t('A window of {0}.', spanInWords(windowSeconds, locale)),
    remaining !== undefined && known.remaining === undefined
      ? l10n.t('That window is over. What was used since is not known.')
      : '',
    l10n.t('Told to the gateway {0}.', ageText(asOf, now, locale)),
  ];
  return sentences.filter(Boolean).join(' ');
}
