import * as l10n from '@vscode/l10n';
import { payingProfile } from '../../billing/profile.ts';
import { single } from '../account/parts.ts';
import {
  countsSeconds,
  hubWindows,
  isNearlyFull,
  ownWindows,
  resetText,
  type ShownWindow,
  windowName,
} from '../account/windows.ts';
import { payerName } from '../billing/payerText.ts';
import { bar, joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { oneLine } from '../text/plainText.ts';
import { clockWithSeconds } from '../text/times.ts';
import { usageText, usedFraction } from '../text/windowText.ts';
import { withAge } from '../tree/partRows.ts';
import type { ViewInput } from '../viewInput.ts';

const barCells = 10;
const mostBuckets = 8;
const mostOfKey = 3;

/** The Hub's windows, the fullest first. */
export function hoverHub(input: ViewInput): string[] {
  const fullest = hubWindows(input).sort((a, b) => (usedFraction(b) ?? -1) - (usedFraction(a) ?? -1));
  if (fullest.length === 0) return [];
  const age = withAge('', single('gauges', input.snapshot.gauges), input);
  const title = `**${l10n.t('Hub, in 5 minutes')}**${age === '' ? '' : ` ${escapeMarkdown(age)}`}`;
  return [[title, ...fullest.slice(0, mostBuckets).map(window => windowLine(window, input))].join('  \n')];
}

/** While a provider key pays: its windows that are full or nearly full. */
export function hoverKey(input: ViewInput): string[] {
  const profile = payingProfile(input.payer);
  if (profile.kind !== 'provider-key') return [];
  const tight = ownWindows(input).filter(
    window => window.provider === profile.provider && isNearlyFull(window),
  );
  if (tight.length === 0) return [];
  const title = l10n.t('Limits of {0}', payerName(profile, input.snapshot.account.value));
  const lines = tight.slice(0, mostOfKey).map(window => windowLine(window, input));
  return [[`**${escapeMarkdown(title)}**`, ...lines].join('  \n')];
}

/** `▓▓▓▓▓▓▓▓▓░ resolvers 11,990 / 12,000 ⚠ · 1:50`. */
function windowLine(window: ShownWindow, input: ViewInput): string {
  const filled = usedFraction(window);
  const gauge = filled === undefined ? '' : `${bar(filled, barCells)} `;
  const mark = isNearlyFull(window) ? ' ⚠' : '';
  const facts = joined([
    `${windowName(window)} ${usageText(window, input.locale)}${mark}`,
    resetTime(window, input),
    window.provider !== undefined && oneLine(window.model ?? '', 60),
  ]);
  return `${gauge}${escapeMarkdown(facts)}`;
}

/** VS Code shows no hover of an item that is set anew each second, so an end is a time there. */
function resetTime(window: ShownWindow, input: ViewInput): string {
  const { resetsAt = input.now } = window;
  return countsSeconds(window, input.now)
    ? l10n.t('opens at {0}', clockWithSeconds(resetsAt, input))
    : resetText(window, input);
}
