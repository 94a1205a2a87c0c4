import * as l10n from '@vscode/l10n';
import { payingProfile } from '../../billing/profile.ts';
import { providerName } from '../../billing/providers.ts';
import { organizationOf } from '../billing/payerText.ts';
import { joined } from '../text/counts.ts';
import { oneLine } from '../text/plainText.ts';
import type { ViewInput } from '../viewInput.ts';
import { organizationCreditsModel } from './creditsModel.ts';
import { balanceFact } from './creditsText.ts';

/** The payer's money in a few words; empty for the account's own credits, which have a line of their own. */
export function payerFact(input: ViewInput): string {
  const profile = payingProfile(input.payer);
  if (profile.kind === 'personal') return '';
  if (profile.kind === 'provider-key') return whyUnknown(input);
  const credits = profile.kind === 'organization' && organizationCreditsModel(profile.name, input);
  return credits ? balanceFact(credits, input) : joined(['–', whyUnknown(input)]);
}

/** Why nothing is known of the payer's money. Plain text. */
export function whyUnknown({ payer, snapshot }: ViewInput): string {
  const profile = payingProfile(payer);
  if (profile.kind === 'provider-key') {
    return l10n.t('billed by {0}, credits don’t apply', oneLine(providerName(profile.provider), 40));
  }
  if (profile.kind !== 'organization') return l10n.t('what is left is not visible to tokens');
  const role = organizationOf(profile.name, snapshot.account.value)?.role;
  if (role === 'admin') return l10n.t('what is left is not known yet');
  return l10n.t('only its admins see what is left');
}
