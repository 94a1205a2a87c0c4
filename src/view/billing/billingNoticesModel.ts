import * as l10n from '@vscode/l10n';
import type { Preferences } from '../../billing/payerStore.ts';
import {
  type BillingProfile,
  formatProfile,
  type Payer,
  parseProfile,
  type StandIn,
} from '../../billing/profile.ts';
import type { Account } from '../../limits/account/account.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { organizationCreditsFace } from '../account/creditsModel.ts';
import { oneLine } from '../text/plainText.ts';
import type { FaceInput } from '../viewInput.ts';
import { payerName, payingProfile } from './payerText.ts';

const standInNoticeKey = 'notice/stand-in';
const failover = 'notice/failover';

/** That somebody else pays now, unless this episode has been told of, in this window or another. */
export function standInNotice(
  input: FaceInput,
  told: Preferences,
  workspace: string | undefined,
): string | undefined {
  const { standIn, chosen } = input.payer;
  if (!standIn) return undefined;
  const key = workspace === undefined ? standInNoticeKey : `${standInNoticeKey}/${workspace}`;
  const episode = `${standIn.since} ${formatProfile(standIn.profile)}`;
  if (told.getPreference(key) === episode) return undefined;
  told.setPreference(key, episode);
  const why = refusedText(chosen, standIn, input.snapshot.account.value);
  return `${why} ${l10n.t('Who pays now: {0}. It returns by itself as soon as there is money again.', withBalance(input))}`;
}

/** For the log and the status bar. */
export function returnedText({ chosen }: Payer, account: Account | undefined): string {
  return l10n.t('Bills {0} again', payerName(chosen, account));
}

function refusedText(chosen: BillingProfile, { reason }: StandIn, account: Account | undefined): string {
  const name = payerName(chosen, account);
  if (reason === 'spending-limit') return l10n.t('The spending limit of {0} is reached.', name);
  switch (chosen.kind) {
    case 'personal':
      return l10n.t('Your credits are used up.');
    case 'provider-key':
      return l10n.t('The account behind {0} has no credits left.', name);
    default:
      return l10n.t('The credits of {0} are used up.', name);
  }
}

function withBalance(input: FaceInput): string {
  const profile = payingProfile(input.payer);
  const name = payerName(profile, input.snapshot.account.value);
  const face = profile.kind === 'organization' ? organizationCreditsFace(profile.name, input) : undefined;
  if (!face || face.earlierMonth !== undefined || face.wholeNanoUsd === undefined || face.payAsYouGo)
    return name;
  return l10n.t('{0} ({1} left)', name, formatUsd(face.balance.remainingNanoUsd ?? 0, input.locale));
}

/** Entries of the setting that name no payer. */
export function invalidFailover(setting: unknown): string[] {
  if (setting === undefined || setting === null) return [];
  const entries: unknown[] = Array.isArray(setting) ? setting : [setting];
  return entries
    .filter(entry => typeof entry !== 'string' || parseProfile(entry) === undefined)
    .map(entry => oneLine(typeof entry === 'string' ? entry : (JSON.stringify(entry) ?? ''), 60));
}

/** That the setting can't be followed, told once for each wrong value. */
export function failoverNotice(setting: unknown, told: Preferences): string | undefined {
  const invalid = invalidFailover(setting);
  const episode = invalid.length === 0 ? undefined : JSON.stringify(invalid);
  if (told.getPreference(failover) === episode) return undefined;
  told.setPreference(failover, episode);
  if (episode === undefined) return undefined;
  return l10n.t(
    'The setting “{0}” names nobody who could pay: {1}. Write personal, org:NAME, group:ORG/ID or key:PROVIDER.',
    'headroom.billing.failover',
    invalid.map(entry => `“${entry}”`).join(', '),
  );
}

/** What a folder that is open suggests. */
export interface Suggestion {
  /** URI of the folder or of the workspace's file. */
  readonly folder: string;
  readonly profile: BillingProfile;
}

/** The suggestions of settings that came with folders: what names no payer suggests nothing. */
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
    'This folder suggests billing {0}. Whoever wrote its settings wishes so; nothing changes unless you agree.',
    payerName(profile, account),
  );
}
