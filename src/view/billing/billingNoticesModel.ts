import * as l10n from '@vscode/l10n';
import type { Preferences } from '../../billing/payerStore.ts';
import {
  type BillingProfile,
  formatProfile,
  type Payer,
  parseProfile,
  payingProfile,
  type StandIn,
} from '../../billing/profile.ts';
import type { Account } from '../../limits/account/account.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { organizationCreditsModel } from '../account/creditsModel.ts';
import { oneLine } from '../text/plainText.ts';
import type { ViewInput } from '../viewInput.ts';
import { moneyOf, payerName } from './payerText.ts';

const standInNoticeKey = 'notice/stand-in';
const failoverNoticeKey = 'notice/failover';

/** Says that a stand-in pays; undefined: none does, or a window has already reported this failover. */
export function standInNotice(
  input: ViewInput,
  reported: Preferences,
  workspace: string | undefined,
): string | undefined {
  const { standIn, chosen } = input.payer;
  if (!standIn) return undefined;
  const key = workspace === undefined ? standInNoticeKey : `${standInNoticeKey}/${workspace}`;
  const episode = `${standIn.since} ${formatProfile(standIn.profile)}`;
  if (reported.getPreference(key) === episode) return undefined;
  reported.setPreference(key, episode);
  const why = refusedText(chosen, standIn, input.snapshot.account.value);
  return `${why} ${l10n.t('Pays now: {0}, until there is money again.', withBalance(input))}`;
}

/** Says that the failover is over, for the log and the status bar. */
export function returnedText({ chosen }: Payer, account: Account | undefined): string {
  return l10n.t('Bills {0} again', payerName(chosen, account));
}

function refusedText(chosen: BillingProfile, { reason }: StandIn, account: Account | undefined): string {
  const name = payerName(chosen, account);
  const owner = moneyOf(chosen, account);
  if (reason === 'spending-limit') return l10n.t('The spending limit of {0} is reached.', owner);
  switch (chosen.kind) {
    case 'personal':
      return l10n.t('Your credits are used up.');
    case 'provider-key':
      return l10n.t('The account behind {0} has no credits left.', name);
    default:
      return l10n.t('The credits of {0} are used up.', name);
  }
}

function withBalance(input: ViewInput): string {
  const profile = payingProfile(input.payer);
  const name = payerName(profile, input.snapshot.account.value);
  const credits = profile.kind === 'organization' && organizationCreditsModel(profile.name, input);
  if (!credits || credits.earlierMonth !== undefined || credits.wholeNanoUsd === undefined) return name;
  if (credits.payAsYouGo) return name;
  return l10n.t('{0} ({1} left)', name, formatUsd(credits.balance.remainingNanoUsd ?? 0, input.locale));
}

/** Entries of `headroom.billing.failover` that are no profile. */
export function invalidFailover(setting: unknown): string[] {
  if (setting === undefined || setting === null) return [];
  const entries: unknown[] = Array.isArray(setting) ? setting : [setting];
  return entries
    .filter(entry => typeof entry !== 'string' || parseProfile(entry) === undefined)
    .map(entry => oneLine(typeof entry === 'string' ? entry : (JSON.stringify(entry) ?? ''), 60));
}

/** Says that the failover setting is wrong, once for each wrong value. */
export function failoverNotice(setting: unknown, reported: Preferences): string | undefined {
  const invalid = invalidFailover(setting);
  const episode = invalid.length === 0 ? undefined : JSON.stringify(invalid);
  if (reported.getPreference(failoverNoticeKey) === episode) return undefined;
  reported.setPreference(failoverNoticeKey, episode);
  if (episode === undefined) return undefined;
  return l10n.t(
    'The setting “{0}” has entries that are no payer: {1}. Write personal, org:NAME, group:ORG/ID or key:PROVIDER.',
    'headroom.billing.failover',
    invalid.map(entry => `“${entry}”`).join(', '),
  );
}

/** The profile that an open folder's settings suggest. */
export interface Suggestion {
  /** URI of the folder or the workspace file. */
  readonly folder: string;
  readonly profile: BillingProfile;
}

/** From the folders' settings, without those that are no profile. */
export function suggestionsIn(
  values: readonly { readonly folder: string; readonly value: unknown }[],
): Suggestion[] {
  return values.flatMap(({ folder, value }) => {
    const profile = typeof value === 'string' ? parseProfile(value) : undefined;
    return profile ? [{ folder, profile }] : [];
  });
}

export function suggestionText({ profile }: Suggestion, account: Account | undefined): string {
  return l10n.t(
    'This folder’s settings suggest billing {0}. Nothing changes unless you agree.',
    payerName(profile, account),
  );
}
