import * as l10n from '@vscode/l10n';
import { type BillingProfile, formatProfile, personalProfile, sameProfile } from '../../billing/profile.ts';
import { formatUsd } from '../../limits/account/money.ts';
import {
  type CreditsModel,
  includedCreditsModel,
  organizationCreditsModel,
} from '../account/creditsModel.ts';
import { runOutText } from '../account/forecastText.ts';
import { figuresOf, moneyRefused } from '../account/moneyRefused.ts';
import { creditsUsedUpSentence } from '../account/usedUpText.ts';
import type { Action } from '../action.ts';
import { moneyOf } from '../billing/payerText.ts';
import { commands } from '../contributions.ts';
import { organizationBillingPage, pages } from '../text/pages.ts';
import { utcDayText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { type LimitState, levelOf } from './limitState.ts';

export const creditsPrefix = 'credits:';

export function creditsId(profile: BillingProfile): string {
  return `${creditsPrefix}${formatProfile(profile)}`;
}

export function spendingLimitId(profile: BillingProfile): string {
  return `spending-limit:${formatProfile(profile)}`;
}

/** The included credits of the account or an organization; none where they are not known and not refused. */
export function creditsLimit(profile: BillingProfile, input: ViewInput): LimitState[] {
  const credits = creditsOf(profile, input);
  const isRefused = moneyRefused(profile, input) === 'credits';
  const { wholeNanoUsd: size = 0 } = credits ?? {};
  const read =
    credits && credits.earlierMonth === undefined && size > 0
      ? readLevel(profile, credits, input)
      : undefined;
  if (!isRefused && !read) return [];
  const { level, share } = read ?? {};
  const shown = isRefused ? 'gone' : level;
  const at = readAtOf(credits, input);
  return [
    {
      id: creditsId(profile),
      ...(shown && { level: shown }),
      size,
      ...(credits && { resetsAt: credits.balance.resetsAt }),
      readAt: at,
      isLive: credits !== undefined && !credits.stale,
      isRefused: isRefused && level !== 'gone',
      failsOver: failsOver(profile, input),
      sentence:
        shown === 'gone'
          ? creditsUsedUpSentence(profile, at, input)
          : credits && shown
            ? leftSentence(profile, credits, share ?? 0, input)
            : '',
      ...(!credits?.payAsYouGo &&
        shown &&
        shown !== 'forecast' && { label: labelOf(profile, shown === 'gone', input) }),
      ...(credits && { backSentence: backSentence(profile, credits, input) }),
      actions: creditsActions(profile, shown === 'gone'),
    },
  ];
}

function creditsOf(profile: BillingProfile, input: ViewInput): CreditsModel | undefined {
  if (profile.kind === 'personal') return includedCreditsModel(input);
  return profile.kind === 'organization' ? organizationCreditsModel(profile.name, input) : undefined;
}

/** Epoch ms by Hugging Face's clock. */
export function readAtOf(
  credits: { readonly asOf: number } | undefined,
  { now, serverNow }: ViewInput,
): number {
  return (credits?.asOf ?? now) + serverNow - now;
}

/** What unsettled requests may hold comes back: it is not used. */
function readLevel(profile: BillingProfile, credits: CreditsModel, input: ViewInput) {
  const { usedNanoUsd } = credits.balance;
  const held = profile.kind === 'personal' ? (input.snapshot.heldNanoUsd ?? 0) : 0;
  const share = Math.max(0, usedNanoUsd - held) / (credits.wholeNanoUsd ?? 1);
  // even at the slow end of the forecast: a false alarm costs more trust than a late one
  const isSure = credits.forecast?.runsOutAt?.high !== undefined;
  return { share, level: levelOf(share, isSure) };
}

function leftSentence(
  profile: BillingProfile,
  credits: CreditsModel,
  share: number,
  input: ViewInput,
): string {
  const { locale } = input;
  const { remainingNanoUsd = 0, resetsAt } = credits.balance;
  const left = formatUsd(remainingNanoUsd, locale);
  const whole = formatUsd(credits.wholeNanoUsd ?? 0, locale);
  const reset = utcDayText(resetsAt, locale);
  const likely = credits.forecast?.runsOutAt?.likely;
  const gone = likely !== undefined && runOutText(likely, input);
  if (profile.kind === 'personal') {
    const text = l10n.t('{0} of {1} of your included credits are left until {2}.', left, whole, reset);
    return gone && share > 0 ? `${text} ${l10n.t('At this pace they are gone about {0}.', gone)}` : text;
  }
  const name = moneyOf(profile, input.snapshot.account.value);
  return l10n.t('{0} of {1} of the credits of {2} are left until {3}.', left, whole, name, reset);
}

function backSentence(profile: BillingProfile, credits: CreditsModel, input: ViewInput): string {
  const whole = formatUsd(credits.balance.remainingNanoUsd ?? 0, input.locale);
  return profile.kind === 'personal'
    ? l10n.t('Your credits are back: {0} left.', whole)
    : l10n.t('The credits of {0} are back: {1} left.', moneyOf(profile, input.snapshot.account.value), whole);
}

function labelOf(profile: BillingProfile, isGone: boolean, input: ViewInput): string {
  if (profile.kind === 'personal') {
    return isGone ? l10n.t('Credits used up') : l10n.t('Credits low');
  }
  const name = moneyOf(profile, input.snapshot.account.value);
  return isGone ? l10n.t('{0}: credits used up', name) : l10n.t('{0}: credits low', name);
}

function creditsActions(profile: BillingProfile, isGone: boolean): Action[] {
  const url = profile.kind === 'organization' ? organizationBillingPage(profile.name) : pages.billing;
  const open = { label: l10n.t('Open billing page'), url };
  return [...(isGone ? [open] : []), { label: l10n.t('Switch…'), command: commands.switchBilling }];
}

/** Whether another profile pays in place of this one, or will once this one is refused. */
function failsOver(profile: BillingProfile, { payer, settings }: ViewInput): boolean {
  const others = (settings.failover ?? []).filter(other => !sameProfile(other, profile));
  return sameProfile(payer.chosen, profile) && (payer.standIn !== undefined || others.length > 0);
}

/** The spending limit of the account, an organization or a resource group, where it is known or refused. */
export function spendingLimit(profile: BillingProfile, input: ViewInput): LimitState[] {
  const { locale, snapshot } = input;
  const isRefused = moneyRefused(profile, input) === 'spending-limit';
  const figures = figuresOf(profile, input);
  const credits = creditsOf(profile, input);
  const { limitNanoUsd: limit, includedNanoUsd = 0, usedNanoUsd = 0 } = credits?.balance ?? {};
  // on a free account the included credits are the limit
  const isKnown = limit !== undefined && limit > includedNanoUsd && credits?.earlierMonth === undefined;
  if (!isRefused && !isKnown) return [];
  const level = isKnown ? levelOf(usedNanoUsd / limit) : undefined;
  const shown = isRefused ? 'gone' : level;
  const name = moneyOf(profile, snapshot.account.value);
  const usd = (nanoUsd: number) => formatUsd(nanoUsd, locale);
  return [
    {
      id: spendingLimitId(profile),
      ...(shown && { level: shown }),
      size: limit ?? 0,
      ...(credits && { resetsAt: credits.balance.resetsAt }),
      readAt: readAtOf(credits, input),
      isLive: figures !== undefined && credits !== undefined && !credits.stale,
      isRefused: isRefused && level !== 'gone',
      failsOver: failsOver(profile, input),
      sentence:
        shown === undefined
          ? ''
          : shown === 'gone'
            ? spendingGoneSentence(profile, name, limit === undefined ? undefined : usd(limit))
            : l10n.t(
                '{0} of the spending limit of {1} are left ({2}).',
                usd((limit ?? 0) - usedNanoUsd),
                usd(limit ?? 0),
                name,
              ),
      ...(shown && {
        label:
          shown === 'gone'
            ? l10n.t('{0}: spending limit reached', name)
            : l10n.t('{0}: spending limit nearly reached', name),
      }),
      backSentence: l10n.t('{0} may spend again: the month of its spending limit has begun anew.', name),
      actions: [{ label: l10n.t('Switch…'), command: commands.switchBilling }],
    },
  ];
}

function spendingGoneSentence(profile: BillingProfile, name: string, limit: string | undefined): string {
  const reached =
    limit === undefined
      ? l10n.t('The spending limit of {0} is reached.', name)
      : l10n.t('The spending limit of {0} is reached ({1}).', name, limit);
  return sameProfile(profile, personalProfile)
    ? reached
    : `${reached} ${l10n.t('Only its admins can raise it.')}`;
}
