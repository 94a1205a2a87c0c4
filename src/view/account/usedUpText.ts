import * as l10n from '@vscode/l10n';
import { type BillingProfile, sameProfile } from '../../billing/profile.ts';
import { billability } from '../../limits/account/billability.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { moneyOf } from '../billing/payerText.ts';
import { leftOf } from '../billing/standInText.ts';
import { monthText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { includedCreditsModel, organizationCreditsModel } from './creditsModel.ts';

/**
 * `The included credits of November are used up ($0.10). Requests go on when you buy credits, or bill acme ($6.10
 * left).` Plain text.
 * @param at epoch ms by Hugging Face's clock, in the month of the credits
 */
export function creditsUsedUpSentence(profile: BillingProfile, at: number, input: ViewInput): string {
  const { locale, snapshot } = input;
  const isOwn = profile.kind === 'personal';
  const credits = isOwn
    ? includedCreditsModel(input)
    : profile.kind === 'organization' && organizationCreditsModel(profile.name, input);
  const { wholeNanoUsd, payAsYouGo, earlierMonth } = credits || {};
  const month = monthText(at, locale);
  const amount = wholeNanoUsd && earlierMonth === undefined ? formatUsd(wholeNanoUsd, locale) : undefined;
  if (isOwn) {
    const usedUp =
      amount === undefined
        ? l10n.t('The included credits of {0} are used up.', month)
        : l10n.t('The included credits of {0} are used up ({1}).', month, amount);
    return `${usedUp} ${payAsYouGo ? l10n.t('Requests go on, and are charged.') : goesOnWith(input)}`;
  }
  const name = moneyOf(profile, snapshot.account.value);
  const usedUp =
    amount === undefined
      ? l10n.t('The credits of {0} are used up.', name)
      : l10n.t('The credits of {0} are used up ({1}).', name, amount);
  return `${usedUp} ${
    payAsYouGo
      ? l10n.t('Requests go on, and are charged.')
      : l10n.t('Requests go on when its admins buy credits, or when you switch billing.')
  }`;
}

/** The organization with most left, if the token sees one that can be billed. */
function goesOnWith(input: ViewInput): string {
  const others = (input.snapshot.account.value?.organizations ?? [])
    .filter(organization => billability(organization).canBill)
    .map(({ name }) => ({ kind: 'organization', name }) as const)
    .filter(profile => !sameProfile(profile, input.payer.chosen));
  const left = (name: string) => organizationCreditsModel(name, input)?.balance.remainingNanoUsd;
  // one without figures may have money
  const [best] = others
    .filter(({ name }) => left(name) !== 0)
    .toSorted((one, other) => (left(other.name) ?? 1) - (left(one.name) ?? 1));
  if (!best) return l10n.t('Requests go on when you buy credits.');
  const name = moneyOf(best, input.snapshot.account.value);
  const amount = leftOf(best, input);
  return amount === undefined
    ? l10n.t('Requests go on when you buy credits, or bill {0}.', name)
    : l10n.t('Requests go on when you buy credits, or bill {0} ({1} left).', name, amount);
}
