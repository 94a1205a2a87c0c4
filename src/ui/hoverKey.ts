import * as l10n from '@vscode/l10n';
import { windowNow } from '../limits/providerWindow.ts';
import { bar } from './counts.ts';
import { escapeMarkdown } from './escapeMarkdown.ts';
import type { FaceInput } from './faceInput.ts';
import { payerName, payingProfile } from './payerText.ts';
import { oneLine } from './plainText.ts';
import { ownWindows, resetCountdown, windowName } from './providerWindows.ts';
import { usageText, usedFraction } from './windowText.ts';

const BAR_CELLS = 10;
/** A hover that is sent anew each second would flicker. */
const HOVER_STEP_MS = 10_000;
const MOST_WINDOWS = 3;

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
  const lines = pressing.slice(0, MOST_WINDOWS).map(window => {
    const known = windowNow(window, now);
    const facts = [
      `${windowName(window)} ${usageText(known, locale)} ⚠`,
      resetCountdown(window, now, locale, HOVER_STEP_MS),
      oneLine(window.model ?? '', 60),
    ];
    const gauge = bar(usedFraction(known) ?? 1, BAR_CELLS);
    return `${gauge} ${escapeMarkdown(facts.filter(Boolean).join(' · '))}`;
  });
  const title = l10n.t('Limits of {0}', payerName(profile, snapshot.account.value));
  return [[`**${escapeMarkdown(title)}**`, ...lines].join('  \n')];
}
