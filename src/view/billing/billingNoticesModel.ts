import * as l10n from '@vscode/l10n';
import type { Preferences } from '../../billing/payerStore.ts';
import { type BillingProfile, formatProfile, type Payer, parseProfile } from '../../billing/profile.ts';
import type { Account } from '../../limits/account/account.ts';
import { oneLine } from '../text/plainText.ts';
import type { ViewInput } from '../viewInput.ts';
import { payerName } from './payerText.ts';
import { startedSentence } from './standInText.ts';

const standInNoticeKey = 'notice/stand-in';
const failoverNoticeKey = 'notice/failover';

/** Says that a stand-in pays; undefined: none does, or a window has already reported this failover. */
export function standInNotice(
  input: ViewInput,
  reported: Preferences,
  workspace: string | undefined,
): string | undefined {
  const { standIn } = input.payer;
  if (!standIn) return undefined;
  const key = workspace === undefined ? standInNoticeKey : `${standInNoticeKey}/${workspace}`;
  const episode = `${standIn.since} ${formatProfile(standIn.profile)}`;
  if (reported.getPreference(key) === episode) return undefined;
  reported.setPreference(key, episode);
  return startedSentence(input);
}

/** Says that the failover is over, for the log and the status bar. */
export function returnedText({ chosen }: Payer, account: Account | undefined): string {
  return l10n.t('Bills {0} again', payerName(chosen, account));
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
