import * as l10n from '@vscode/l10n';
import type { CreditBalance } from '../../limits/account/credits.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { spokenUsd } from '../text/spoken.ts';
import { monthText } from '../text/times.ts';

/** `$0.98 left of $2.00`, `$3.40 used, $1.40 of it beyond …`, `$0.40 over the budget of $5.00`. Nano-USD. */
export function balanceText(
  balance: CreditBalance,
  wholeNanoUsd: number | undefined,
  locale: string,
): string {
  return describe(balance, wholeNanoUsd, amount => formatUsd(amount, locale));
}

/** The same for a screen reader. */
export function spokenBalance(
  balance: CreditBalance,
  wholeNanoUsd: number | undefined,
  locale: string,
): string {
  return describe(balance, wholeNanoUsd, amount => spokenUsd(amount, locale));
}

function describe(
  { usedNanoUsd, remainingNanoUsd, measuredAgainst }: CreditBalance,
  whole: number | undefined,
  money: (nanoUsd: number) => string,
): string {
  if (whole === undefined || remainingNanoUsd === undefined) return l10n.t('{0} used', money(usedNanoUsd));
  const beyond = usedNanoUsd - whole;
  if (beyond <= 0) return l10n.t('{0} left of {1}', money(remainingNanoUsd), money(whole));
  return measuredAgainst === 'budget'
    ? l10n.t('{0} over the budget of {1}', money(beyond), money(whole))
    : l10n.t('{0} used, {1} of it beyond the included {2}', money(usedNanoUsd), money(beyond), money(whole));
}

/** `– · November: $1.90 used`: all that is known once that month is over. `at`: epoch ms in it. */
export function earlierMonthText(usedNanoUsd: number, at: number, locale: string): string {
  return `– · ${monthUsedText(usedNanoUsd, at, locale)}`;
}

/** `November: $1.90 used`. */
export function monthUsedText(usedNanoUsd: number, at: number, locale: string): string {
  return l10n.t('{0}: {1} used', monthText(at, locale), formatUsd(usedNanoUsd, locale));
}

/** The same for a screen reader. */
export function spokenEarlierMonth(usedNanoUsd: number, at: number, locale: string): string {
  return l10n.t('not known; {0}: {1} used', monthText(at, locale), spokenUsd(usedNanoUsd, locale));
}
