import * as l10n from '@vscode/l10n';
import { windowNow } from '../../limits/pacing/providerWindow.ts';
import { ownWindows, resetCountdown, windowName } from '../account/providerWindows.ts';
import { payerName, payingProfile } from '../billing/payerText.ts';
import { bar } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { oneLine } from '../text/plainText.ts';
import { usageText, usedFraction } from '../text/windowText.ts';
import type { FaceInput } from '../viewInput.ts';

const barCells = 10;
/** A hover that is sent anew each second would flicker. */
const hoverStepMs = 10_000;
const mostWindows = 3;

/** While a key pays: its windows that are nearly full. Nothing else is news. */
export function hoverKey(input: FaceInput): string[] {
  const { payer, options, now, locale, snapshot } = input;
  const profile = payingProfile(payer);
  if (profile.kind !== 'provider-key') return [];
  const pressing = ownWindows(options.providerWindows, now).filter(window => {
    const { state } = windowNow(window, now);
    return window.provider === profile.provider && (state === 'full' || state === 'nearly-full');
  });
  if (pressing.length === 0) return [];
  const lines = pressing.slice(0, mostWindows).map(window => {
    const known = windowNow(window, now);
    const facts = [
      `${windowName(window)} ${usageText(known, locale)} ⚠`,
      resetCountdown(window, now, locale, hoverStepMs),
      oneLine(window.model ?? '', 60),
    ];
    const gauge = bar(usedFraction(known) ?? 1, barCells);
    return `${gauge} ${escapeMarkdown(facts.filter(Boolean).join(' · '))}`;
  });
  const title = l10n.t('Limits of {0}', payerName(profile, snapshot.account.value));
  return [[`**${escapeMarkdown(title)}**`, ...lines].join('  \n')];
}
