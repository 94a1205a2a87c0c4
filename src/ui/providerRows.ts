import * as l10n from '@vscode/l10n';
import { formatIn } from '../limits/duration.ts';
import { type ProviderWindow, type WindowNow, windowNow } from '../limits/providerWindow.ts';
import { rowKinds } from './contributions.ts';
import { escapeMarkdown } from './escapeMarkdown.ts';
import type { FaceInput } from './faceInput.ts';
import { oneLine } from './plainText.ts';
import { resetCountdown, shownWindows, windowTitle } from './providerWindows.ts';
import { ageText, spanText } from './times.ts';
import { idSegment, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';
import { usageText, windowIcon } from './windowText.ts';

const MINUTE_MS = 60_000;
/** A row that counts down is read out anew with each change of its words. */
const SPOKEN_STEP_MS = 10_000;

/** A row for each window of a provider that gateways were told of. */
export function providerRows(input: FaceInput): TreeNode[] {
  const windows = shownWindows(input.options.providerWindows, input.now);
  return withUniqueIds(windows.map(window => providerRow(window, input)));
}

function providerRow(window: ProviderWindow, input: FaceInput): TreeNode {
  const { now, locale } = input;
  const { provider, model, name, isShownOnly } = window;
  const known = windowNow(window, now);
  const usage = usageText(known, locale);
  const title = windowTitle(window);
  const whose = isShownOnly ? l10n.t('shared by all users of Hugging Face') : oneLine(model ?? '', 80);
  const spoken = [
    usage.replace(' / ', ` ${l10n.t('of')} `),
    isShownOnly ? '' : stateWords(known),
    known.resetsAt === undefined ? '' : l10n.t('resets {0}', spokenReset(known.resetsAt - now, locale)),
    whose,
    isShownOnly ? l10n.t('not your own limit') : '',
  ];
  const id = [provider, isShownOnly ? ':shared' : idSegment(model ?? ''), name].map((part, index) =>
    index === 1 ? part : idSegment(part),
  );
  return leaf({
    id: `rate-limits:provider/${id.join('/')}`,
    label: title,
    kind: rowKinds.value,
    // what is long goes where a narrow view may cut it off
    description: [usage, resetCountdown(window, now, locale), whose].filter(Boolean).join(' · '),
    spoken: spoken.filter(Boolean).join(', '),
    icon: isShownOnly ? { id: 'globe' } : windowIcon(known.state),
    tooltip: () => escapeMarkdown(tooltip(window, known, input), 1000),
    copyValue: `${[title, whose].filter(Boolean).join(' · ')}: ${usage}`,
  });
}

function stateWords({ state }: WindowNow): string {
  return state === 'full' ? l10n.t('full') : state === 'nearly-full' ? l10n.t('nearly full') : '';
}

function spokenReset(ms: number, locale: string): string {
  return formatIn(ms <= MINUTE_MS ? Math.ceil(ms / SPOKEN_STEP_MS) * SPOKEN_STEP_MS : ms, locale);
}

function tooltip(
  window: ProviderWindow,
  { remaining, state }: WindowNow,
  { now, locale }: FaceInput,
): string {
  const { provider, model, windowSeconds, asOf, isShownOnly } = window;
  const name = oneLine(provider, 40);
  const isOver = remaining === undefined && state === undefined;
  const sentences = [
    isShownOnly
      ? l10n.t(
          'The limit of Hugging Face’s own account at {0}, which all users of Hugging Face share. It is not your limit, and the gateway holds nothing because of it.',
          name,
        )
      : l10n.t('The limit of your {0} key for {1}.', name, oneLine(model ?? '', 80)),
    windowSeconds === undefined ? '' : l10n.t('A window of {0}.', spanText(windowSeconds, locale)),
    isOver && window.remaining !== undefined
      ? l10n.t('That window is over. What was used since is not known.')
      : '',
    l10n.t('Told to the gateway {0}.', ageText(asOf, now, locale)),
  ];
  return sentences.filter(Boolean).join(' ');
}
