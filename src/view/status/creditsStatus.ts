import * as l10n from '@vscode/l10n';
import { formatUsd } from '../../limits/account/money.ts';
import type { Plan } from '../../limits/account/plans.ts';
import { type CreditsModel, shownAmount } from '../account/creditsModel.ts';
import { monthUsedText, spokenCredits } from '../account/creditsText.ts';
import { isRunningOut } from '../account/forecastText.ts';
import { joined } from '../text/counts.ts';
import { spokenAge, spokenUsd } from '../text/spoken.ts';
import { ageText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import type { StatusBarKind, StatusBarModel } from './statusBarKind.ts';

/** The owner of the credits in the status bar. */
export interface CreditsOwner {
  /** Undefined: the signed-in user, who needs no name. */
  readonly name?: string;
  /** A codicon. */
  readonly icon: string;
  readonly plan: Plan | undefined;
  /** An organization that pays in place of the signed-in account. */
  readonly isOther: boolean;
}

/** `$1.63 left`, `acme · $6.10 left`, `$3.40 this month`: credits in the status bar. */
export function creditsStatus(owner: CreditsOwner, credits: CreditsModel, input: ViewInput): StatusBarModel {
  const { settings, now, locale } = input;
  const { balance, wholeNanoUsd, asOf, earlierMonth } = credits;
  const { remainingNanoUsd = 0, usedNanoUsd } = balance;
  const shown = shownAmount(credits, settings.show, owner.plan);
  const money = formatUsd(shown === 'left' ? remainingNanoUsd : usedNanoUsd, locale);
  const age = ageText(asOf, now, locale);
  const model = (kind: StatusBarKind, icon: string, ...facts: string[]): StatusBarModel => ({
    kind,
    text: `$(${icon}) ${joined([owner.name, ...facts])}`,
    ...(kind === 'low' && { background: 'warning' }),
    accessibilityLabel: spoken(owner, credits, shown, input),
  });
  if (earlierMonth !== undefined) {
    return model('stale', 'history', monthUsedText(usedNanoUsd, earlierMonth, locale), age);
  }
  if (credits.stale) return model('stale', 'history', money, age);
  const calm = owner.isOther ? 'organization' : 'fresh';
  if (credits.payAsYouGo) {
    const text = l10n.t('{0} this month', formatUsd(usedNanoUsd, locale));
    return owner.isOther ? model(calm, owner.icon, text) : model('pay-as-you-go', 'credit-card', text);
  }
  const over = wholeNanoUsd === undefined ? 0 : usedNanoUsd - wholeNanoUsd;
  const left = over > 0 ? l10n.t('{0} over budget', formatUsd(over, locale)) : l10n.t('{0} left', money);
  const text = shown === 'left' ? left : l10n.t('{0} used', money);
  const isLow = credits.low || isRunningOut(credits, input);
  return isLow ? model('low', 'warning', text) : model(calm, owner.icon, text);
}

/** The same amount in words, with its age. */
function spoken(
  owner: CreditsOwner,
  credits: CreditsModel,
  shown: 'left' | 'used',
  input: ViewInput,
): string {
  const { now, locale } = input;
  const { balance, wholeNanoUsd = balance.usedNanoUsd, earlierMonth, payAsYouGo } = credits;
  const { usedNanoUsd, remainingNanoUsd = 0, measuredAgainst } = balance;
  const age = spokenAge(credits.asOf, now, locale);
  const isUsed = earlierMonth === undefined && (payAsYouGo || shown === 'used');
  const facts = isUsed
    ? l10n.t('{0} used this month', spokenUsd(usedNanoUsd, locale))
    : spokenCredits(credits, locale);
  if (owner.isOther) return l10n.t('Hugging Face: bills {0}; {1}, updated {2}', owner.name ?? '', facts, age);
  if (isUsed || earlierMonth !== undefined || usedNanoUsd > wholeNanoUsd) {
    return l10n.t('Hugging Face: {0}, updated {1}', facts, age);
  }
  const left = spokenUsd(remainingNanoUsd, locale);
  return measuredAgainst === 'budget'
    ? l10n.t('Hugging Face: {0} of your budget left, updated {1}', left, age)
    : l10n.t('Hugging Face: {0} of included credits left, updated {1}', left, age);
}
