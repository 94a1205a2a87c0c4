import * as l10n from '@vscode/l10n';
import { type BillingProfile, payingProfile } from '../../billing/profile.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { pausedBudget } from '../account/budgetText.ts';
import { organizationCreditsModel } from '../account/creditsModel.ts';
import { type HeldMoney, heldMoney, heldMoneyText } from '../account/heldMoney.ts';
import { moneyRefused } from '../account/moneyRefused.ts';
import {
  isReturning,
  moneyOf,
  organizationOf,
  payerIcon,
  payerName,
  returningText,
} from '../billing/payerText.ts';
import { standInSentence } from '../billing/standInText.ts';
import { iconSafe } from '../text/plainText.ts';
import { spokenDuration, spokenUsd } from '../text/spoken.ts';
import type { ViewInput } from '../viewInput.ts';
import { creditsStatus } from './creditsStatus.ts';
import type { StatusBarModel } from './statusBarKind.ts';

/** The status bar while an organization or a provider key pays; undefined: the signed-in account pays. */
export function otherPayer(input: ViewInput): StatusBarModel | undefined {
  const profile = payingProfile(input.payer);
  if (profile.kind === 'personal') return undefined;
  const credits = profile.kind === 'organization' && organizationCreditsModel(profile.name, input);
  if (credits) {
    const plan = organizationOf(profile.name, input.snapshot.account.value)?.plan;
    const owner = { name: name(profile, input), icon: payerIcon(profile), plan, isOther: true };
    return creditsStatus(owner, credits, input);
  }
  return {
    kind: profile.kind === 'provider-key' ? 'provider-key' : 'organization',
    text: `$(${payerIcon(profile)}) ${name(profile, input)}`,
    accessibilityLabel: l10n.t('Hugging Face: bills {0}', spokenName(profile, input)),
  };
}

/** The status bar while the payer's budget is used up: the gateway refuses what would be billed. */
export function pausedPayer(input: ViewInput): StatusBarModel | undefined {
  const budget = pausedBudget(payingProfile(input.payer), input);
  if (!budget) return undefined;
  const { workspace, pauseAtNanoUsd = 0 } = budget;
  const { locale } = input;
  const [shown, spoken] = [formatUsd(pauseAtNanoUsd, locale), spokenUsd(pauseAtNanoUsd, locale)];
  const paused = (words: string, accessibilityLabel: string) =>
    besidePayer(
      { kind: 'paused', text: `$(debug-pause) ${words}`, background: 'warning', accessibilityLabel },
      input,
    );
  return workspace === undefined
    ? paused(
        l10n.t('paused at {0}', shown),
        l10n.t('Hugging Face: the budget of {0} is used up, requests that cost money are refused', spoken),
      )
    : paused(
        l10n.t('paused here at {0}', shown),
        l10n.t(
          'Hugging Face: this folder’s budget of {0} is used up, requests that cost money are refused',
          spoken,
        ),
      );
}

/** The status bar after the payer got a 402 for credits or its spending limit. */
export function refusedPayer(input: ViewInput): StatusBarModel | undefined {
  const profile = payingProfile(input.payer);
  const cause = moneyRefused(profile, input);
  if (!cause) return undefined;
  const refused = (words: string, accessibilityLabel: string): StatusBarModel => ({
    kind: 'exhausted',
    text: `$(error) ${words}`,
    background: 'error',
    accessibilityLabel,
  });
  const creditsGone = l10n.t('credits used up');
  if (profile.kind === 'personal') {
    return refused(creditsGone, l10n.t('Hugging Face: credits used up, requests are refused'));
  }
  const payer = spokenName(profile, input);
  return cause === 'credits'
    ? refused(
        `${name(profile, input)} · ${creditsGone}`,
        l10n.t('Hugging Face: bills {0}; credits used up, requests are refused', payer),
      )
    : refused(
        `${name(profile, input)} · ${l10n.t('spending limit reached')}`,
        l10n.t('Hugging Face: bills {0}; spending limit reached, requests are refused', payer),
      );
}

/** The status bar after the payer got a 402 because unsettled requests hold its money. */
export function heldPayer(input: ViewInput): StatusBarModel | undefined {
  const held = heldMoney(payingProfile(input.payer), input);
  if (!held) return undefined;
  const { now, locale } = input;
  const text = `$(watch) ${heldMoneyText(held, input)}`;
  const left = spokenDuration(Math.ceil((held.until - now) / 60_000) * 60_000, locale);
  const label = spokenHeld(held, left, locale);
  return besidePayer({ kind: 'unsettled', text, accessibilityLabel: label }, input);
}

function spokenHeld({ nanoUsd, leftNanoUsd }: HeldMoney, freeIn: string, locale: string): string {
  if (nanoUsd === undefined || leftNanoUsd === undefined) {
    return l10n.t('Hugging Face: open requests hold credits, they are usually free again in {0}', freeIn);
  }
  return l10n.t(
    'Hugging Face: {0} left, {1} of it held by open requests, usually free again in {2}',
    spokenUsd(leftNanoUsd, locale),
    spokenUsd(nanoUsd, locale),
    freeIn,
  );
}

/** Adds the payer: a wait or a sign-in must not hide that it is not the user's own account. */
export function besidePayer(model: StatusBarModel, input: ViewInput): StatusBarModel {
  const profile = payingProfile(input.payer);
  const account = input.snapshot.account.value;
  const standIn = standInSentence(input);
  const ofOrganization = account?.type === 'org';
  if (profile.kind === 'personal' && standIn === undefined && !ofOrganization) return model;
  const swap = standIn === undefined ? '' : '$(arrow-swap) ';
  const icon = profile.kind === 'personal' && ofOrganization ? 'organization' : payerIcon(profile);
  const payer = `${swap}$(${icon}) ${name(profile, input)} · `;
  const sentence = standIn ?? l10n.t('Bills {0}.', spokenName(profile, input));
  return {
    ...model,
    text: model.text.replace(/^\$\([^)]+\) /, first => first + payer),
    accessibilityLabel: `${sentence} ${model.accessibilityLabel}`,
  };
}

/** Marks a stand-in, so that it does not pay unnoticed. */
export function withStandIn(model: StatusBarModel, input: ViewInput): StatusBarModel {
  const sentence = standInSentence(input);
  if (sentence === undefined) return model;
  if (isReturning(input)) {
    const again = iconSafe(returningText(input), 80);
    const accessibilityLabel = l10n.t('Hugging Face: {0}', sentence);
    return { kind: 'returning', text: `$(arrow-swap) ${again}`, accessibilityLabel };
  }
  return {
    ...model,
    text: `$(arrow-swap) ${model.text}`,
    background: model.background ?? 'warning',
    accessibilityLabel: `${sentence} ${model.accessibilityLabel}`,
  };
}

function name(profile: BillingProfile, { snapshot }: ViewInput): string {
  return iconSafe(moneyOf(profile, snapshot.account.value), 60);
}

function spokenName(profile: BillingProfile, { snapshot }: ViewInput): string {
  const account = snapshot.account.value;
  return profile.kind === 'provider-key' ? payerName(profile, account) : moneyOf(profile, account);
}
