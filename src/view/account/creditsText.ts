import * as l10n from '@vscode/l10n';
import { formatUsd } from '../../limits/account/money.ts';
import { joined } from '../text/counts.ts';
import { spokenUsd } from '../text/spoken.ts';
import { ageText, monthText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import type { CreditsModel } from './creditsModel.ts';

/** `$0.98 left of $2.00`, `$0.40 over the budget of $5.00`, `– · November: $1.90 used` once that month is over. */
export function creditsText(credits: CreditsModel, locale: string): string {
  const { earlierMonth, balance } = credits;
  return earlierMonth === undefined
    ? balanceText(credits, amount => formatUsd(amount, locale))
    : earlierMonthText(balance.usedNanoUsd, earlierMonth, locale);
}

/** `$0.98 left`, beside a long name; without anything left as `creditsText`. */
export function shortCreditsText(credits: CreditsModel, locale: string): string {
  const { remainingNanoUsd: left = 0 } = credits.balance;
  return left > 0 ? l10n.t('{0} left', formatUsd(left, locale)) : creditsText(credits, locale);
}

/** `creditsText` for a screen reader. */
export function spokenCredits(credits: CreditsModel, locale: string): string {
  const { earlierMonth, balance } = credits;
  return earlierMonth === undefined
    ? balanceText(credits, amount => spokenUsd(amount, locale))
    : spokenEarlierMonth(balance.usedNanoUsd, earlierMonth, locale);
}

/** With the spending limit, and the age of stale credits, after it. */
export function balanceFact(credits: CreditsModel | undefined, { now, locale }: ViewInput): string {
  if (!credits) return l10n.t('what is left is not known');
  return joined([
    creditsText(credits, locale),
    spendingLimitText(credits, amount => formatUsd(amount, locale)),
    credits.stale && ageText(credits.asOf, now, locale),
  ]);
}

/** `limit $50.00 this month`; empty: none is known, or it is where the included credits end. */
export function spendingLimitText({ balance }: CreditsModel, usd: (nanoUsd: number) => string): string {
  const { limitNanoUsd = 0, includedNanoUsd = 0 } = balance;
  return limitNanoUsd > includedNanoUsd ? l10n.t('limit {0} this month', usd(limitNanoUsd)) : '';
}

/** `$0.10 left of $0.10 · $0.09 held`. */
function balanceText(credits: CreditsModel, usd: (nanoUsd: number) => string): string {
  return joined([leftText(credits, usd), heldText(credits, usd)]);
}

/** `$0.09 held`; empty: none is known to be. */
export function heldText(
  { heldNanoUsd }: Pick<CreditsModel, 'heldNanoUsd'>,
  usd: (nanoUsd: number) => string,
): string {
  return heldNanoUsd === undefined ? '' : l10n.t('{0} held', usd(heldNanoUsd));
}

function leftText({ balance, wholeNanoUsd: whole }: CreditsModel, usd: (nanoUsd: number) => string): string {
  const { usedNanoUsd, remainingNanoUsd, measuredAgainst } = balance;
  if (whole === undefined || remainingNanoUsd === undefined) return l10n.t('{0} used', usd(usedNanoUsd));
  const beyond = usedNanoUsd - whole;
  if (beyond <= 0) return l10n.t('{0} left of {1}', usd(remainingNanoUsd), usd(whole));
  return measuredAgainst === 'budget'
    ? l10n.t('{0} over the budget of {1}', usd(beyond), usd(whole))
    : l10n.t('{0} used, {1} of it beyond the included {2}', usd(usedNanoUsd), usd(beyond), usd(whole));
}

/** `– · November: $1.90 used`. `at`: epoch ms in that month. */
export function earlierMonthText(usedNanoUsd: number, at: number, locale: string): string {
  return `– · ${monthUsedText(usedNanoUsd, at, locale)}`;
}

/** `November: $1.90 used`. */
export function monthUsedText(usedNanoUsd: number, at: number, locale: string): string {
  return l10n.t('{0}: {1} used', monthText(at, locale), formatUsd(usedNanoUsd, locale));
}

export function spokenEarlierMonth(usedNanoUsd: number, at: number, locale: string): string {
  return l10n.t('not known; {0}: {1} used', monthText(at, locale), spokenUsd(usedNanoUsd, locale));
}
