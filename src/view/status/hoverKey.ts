import * as l10n from '@vscode/l10n';
import { payingProfile } from '../../billing/profile.ts';
import { windowNow } from '../../limits/pacing/providerWindow.ts';
import { ownWindows, resetCountdown, windowName } from '../account/providerWindows.ts';
import { payerName } from '../billing/payerText.ts';
import { bar, joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { oneLine } from '../text/plainText.ts';
import { usageText, usedFraction } from '../text/windowText.ts';
import type { ViewInput } from '../viewInput.ts';
import { hoverStepMs } from './hoverLimits.ts';

const barCells = 10;
const mostWindows = 3;

/** While a provider key pays: its windows that are full or nearly full. */
export function hoverKey(input: ViewInput): string[] {
  const { payer, now, locale, snapshot } = input;
  const profile = payingProfile(payer);
  if (profile.kind !== 'provider-key') return [];
  const tight = ownWindows(input.providerWindows, now).filter(window => {
    const { state } = windowNow(window, now);
    return window.provider === profile.provider && (state === 'full' || state === 'nearly-full');
  });
  if (tight.length === 0) return [];
  const lines = tight.slice(0, mostWindows).map(window => {
    const known = windowNow(window, now);
    const facts = joined([
      `${windowName(window)} ${usageText(known, locale)} ⚠`,
      resetCountdown(window, now, locale, hoverStepMs),
      oneLine(window.model ?? '', 60),
    ]);
    return `${bar(usedFraction(known) ?? 1, barCells)} ${escapeMarkdown(facts)}`;
  });
  const title = l10n.t('Limits of {0}', payerName(profile, snapshot.account.value));
  return [[`**${escapeMarkdown(title)}**`, ...lines].join('  \n')];
}
