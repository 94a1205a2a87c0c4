import * as l10n from '@vscode/l10n';
import type { BillingProfile } from '../../billing/profile.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { type CreditsFace, organizationCreditsFace, shownAmount } from '../account/creditsModel.ts';
import { monthUsedText, spokenBalance, spokenEarlierMonth } from '../account/creditsText.ts';
import { moneyRefused } from '../account/moneyRefused.ts';
import {
  moneyOf,
  organizationOf,
  payerIcon,
  payerName,
  payingProfile,
  standInSentence,
} from '../billing/payerText.ts';
import { iconSafe } from '../text/plainText.ts';
import { spokenAge, spokenUsd } from '../text/spoken.ts';
import { ageText } from '../text/times.ts';
import type { FaceInput } from '../viewInput.ts';
import type { StatusBarModel } from './statusBarModel.ts';

/** What the status bar says while an organization or a provider's key pays. Undefined: the own account does. */
export function otherPayer(input: FaceInput): StatusBarModel | undefined {
  const profile = payingProfile(input.payer);
  if (profile.kind === 'personal') return undefined;
  if (profile.kind === 'organization') {
    const face = organizationCreditsFace(profile.name, input);
    if (face) return organizationAmount(profile, face, input);
  }
  return {
    kind: profile.kind === 'provider-key' ? 'provider-key' : 'organization',
    text: `${icon(profile)} ${name(profile, input)}`,
    accessibilityLabel: l10n.t('Hugging Face: bills {0}', spokenName(profile, input)),
  };
}

/** Whoever pays was refused for want of money. */
export function refusedPayer(input: FaceInput): StatusBarModel | undefined {
  const profile = payingProfile(input.payer);
  const cause = moneyRefused(profile, input);
  if (!cause) return undefined;
  const words = cause === 'credits' ? l10n.t('credits used up') : l10n.t('spending limit reached');
  const spoken =
    cause === 'credits'
      ? l10n.t('Hugging Face: bills {0}; credits used up, requests are refused', spokenName(profile, input))
      : l10n.t(
          'Hugging Face: bills {0}; spending limit reached, requests are refused',
          spokenName(profile, input),
        );
  return {
    kind: 'exhausted',
    text: `$(error) ${name(profile, input)} · ${words}`,
    background: 'error',
    accessibilityLabel: spoken,
  };
}

/** The same with whoever pays named beside it: a wait or a sign-in must not hide that it is not one's own account. */
export function besidePayer(model: StatusBarModel, input: FaceInput): StatusBarModel {
  const profile = payingProfile(input.payer);
  const account = input.snapshot.account.value;
  const standIn = standInSentence(input.payer, account);
  const ofOrganization = account?.type === 'org';
  if (profile.kind === 'personal' && standIn === undefined && !ofOrganization) return model;
  const swap = standIn === undefined ? '' : '$(arrow-swap) ';
  const whose = profile.kind === 'personal' && ofOrganization ? '$(organization)' : icon(profile);
  const payer = `${swap}${whose} ${name(profile, input)} · `;
  const sentence = standIn ?? l10n.t('Bills {0}.', spokenName(profile, input));
  return {
    ...model,
    text: model.text.replace(/^\$\([^)]+\) /, first => first + payer),
    accessibilityLabel: `${sentence} ${model.accessibilityLabel}`,
  };
}

/** The same, marked when who pays does so in place of the chosen one: that must not go unnoticed. */
export function withStandIn(model: StatusBarModel, input: FaceInput): StatusBarModel {
  const sentence = standInSentence(input.payer, input.snapshot.account.value);
  if (sentence === undefined) return model;
  return {
    ...model,
    text: `$(arrow-swap) ${model.text}`,
    background: model.background ?? 'warning',
    accessibilityLabel: `${sentence} ${model.accessibilityLabel}`,
  };
}

function organizationAmount(
  profile: BillingProfile & { readonly kind: 'organization' },
  face: CreditsFace,
  input: FaceInput,
): StatusBarModel {
  const { snapshot, options, now, locale } = input;
  const { balance, wholeNanoUsd, asOf } = face;
  const plan = organizationOf(profile.name, snapshot.account.value)?.plan;
  const shown = shownAmount(face, options.show, plan);
  const money = formatUsd(shown === 'left' ? (balance.remainingNanoUsd ?? 0) : balance.usedNanoUsd, locale);
  const said = (facts: string) =>
    l10n.t(
      'Hugging Face: bills {0}; {1}, updated {2}',
      spokenName(profile, input),
      facts,
      spokenAge(asOf, now, locale),
    );
  const whose = name(profile, input);
  if (face.earlierMonth !== undefined) {
    const used = monthUsedText(balance.usedNanoUsd, face.earlierMonth, locale);
    return {
      kind: 'stale',
      text: `$(history) ${whose} · ${used} · ${ageText(asOf, now, locale)}`,
      accessibilityLabel: said(spokenEarlierMonth(balance.usedNanoUsd, face.earlierMonth, locale)),
    };
  }
  const facts =
    shown === 'left' || face.payAsYouGo
      ? spokenBalance(balance, wholeNanoUsd, locale)
      : l10n.t('{0} used this month', spokenUsd(balance.usedNanoUsd, locale));
  const accessibilityLabel = said(facts);
  if (face.stale) {
    return {
      kind: 'stale',
      text: `$(history) ${whose} · ${money} · ${ageText(asOf, now, locale)}`,
      accessibilityLabel,
    };
  }
  if (face.payAsYouGo) {
    const text = l10n.t('{0} this month', formatUsd(balance.usedNanoUsd, locale));
    return { kind: 'organization', text: `${icon(profile)} ${whose} · ${text}`, accessibilityLabel };
  }
  const text = shown === 'left' ? l10n.t('{0} left', money) : l10n.t('{0} used', money);
  return face.low
    ? { kind: 'low', text: `$(warning) ${whose} · ${text}`, background: 'warning', accessibilityLabel }
    : { kind: 'organization', text: `${icon(profile)} ${whose} · ${text}`, accessibilityLabel };
}

function icon(profile: BillingProfile): string {
  return `$(${payerIcon(profile)})`;
}

function name(profile: BillingProfile, { snapshot }: FaceInput): string {
  return iconSafe(moneyOf(profile, snapshot.account.value), 60);
}

function spokenName(profile: BillingProfile, { snapshot }: FaceInput): string {
  const account = snapshot.account.value;
  return profile.kind === 'provider-key' ? payerName(profile, account) : moneyOf(profile, account);
}
