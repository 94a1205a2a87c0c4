import * as l10n from '@vscode/l10n';
import { payingProfile } from '../../billing/profile.ts';
import { providerName } from '../../billing/providers.ts';
import { oneLine } from '../text/plainText.ts';
import type { ViewInput } from '../viewInput.ts';
import { organizationCreditsModel } from './creditsModel.ts';
import { balanceFact } from './creditsText.ts';

/** The payer's money in a few words; empty for the account's own credits, which have a line of their own. */
export function payerFact(input: ViewInput): string {
  const profile = payingProfile(input.payer);
  switch (profile.kind) {
    case 'personal':
      return '';
    case 'provider-key':
      return l10n.t('billed by {0}, credits don’t apply', oneLine(providerName(profile.provider), 40));
    case 'resource-group':
      return l10n.t('what is left is not visible to tokens');
    case 'organization':
      return balanceFact(organizationCreditsModel(profile.name, input), input);
  }
}
