import * as l10n from '@vscode/l10n';
import { type BillingProfile, personalProfile } from '../../billing/profile.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { organizationCreditsModel } from '../account/creditsModel.ts';
import { oneLine } from '../text/plainText.ts';
import type { ViewInput } from '../viewInput.ts';
import { isReturning, moneyOf, payerName } from './payerText.ts';

/** Why a stand-in pays, and until when: a sentence in plain text. Undefined: the chosen profile pays. */
export function standInSentence(input: ViewInput): string | undefined {
  const { chosen, standIn } = input.payer;
  if (!standIn) return undefined;
  if (isReturning(input)) {
    const name = payerName(chosen, input.snapshot.account.value);
    return l10n.t('Credits are back: {0} again with the next request.', name);
  }
  return startedSentence(input);
}

/** `Your credits are used up. acme pays now ($6.10 left), until yours are back.` */
export function startedSentence(input: ViewInput): string {
  return `${moneyGone(input)} ${paysNow(input)}`;
}

function moneyGone({ payer, snapshot }: ViewInput): string {
  const { chosen, standIn } = payer;
  const account = snapshot.account.value;
  if (standIn?.reason === 'spending-limit') {
    return l10n.t('The spending limit of {0} is reached.', moneyOf(chosen, account));
  }
  switch (chosen.kind) {
    case 'personal':
      return l10n.t('Your credits are used up.');
    case 'provider-key':
      return l10n.t('The account behind {0} has no credits left.', payerName(chosen, account));
    default:
      return l10n.t('The credits of {0} are used up.', payerName(chosen, account));
  }
}

function paysNow(input: ViewInput): string {
  const { chosen, standIn } = input.payer;
  const { profile, reason } = standIn ?? { profile: personalProfile, reason: undefined };
  const areYours = chosen.kind === 'personal' && reason === 'credits';
  if (profile.kind === 'personal') return l10n.t('You pay now, until there is money again.');
  if (profile.kind === 'provider-key') {
    const provider = oneLine(profile.provider, 40);
    return areYours
      ? l10n.t('Your {0} key pays now, until yours are back.', provider)
      : l10n.t('Your {0} key pays now, until there is money again.', provider);
  }
  const name = moneyOf(profile, input.snapshot.account.value);
  const left = leftOf(profile, input);
  if (left === undefined) {
    return areYours
      ? l10n.t('{0} pays now, until yours are back.', name)
      : l10n.t('{0} pays now, until there is money again.', name);
  }
  return areYours
    ? l10n.t('{0} pays now ({1} left), until yours are back.', name, left)
    : l10n.t('{0} pays now ({1} left), until there is money again.', name, left);
}

/** `$6.10`; undefined: not known, or more is spent than that. */
export function leftOf(profile: BillingProfile, input: ViewInput): string | undefined {
  const credits = profile.kind === 'organization' && organizationCreditsModel(profile.name, input);
  if (!credits || credits.earlierMonth !== undefined || credits.wholeNanoUsd === undefined) return undefined;
  return credits.payAsYouGo ? undefined : formatUsd(credits.balance.remainingNanoUsd ?? 0, input.locale);
}
