import * as l10n from '@vscode/l10n';
import type { Organization } from '../../limits/account/account.ts';
import type { NotBillable } from '../../limits/account/billability.ts';
import { oneLine } from '../text/plainText.ts';

/** `no payment method`: why an organization can't be billed. Plain text. */
export function notBillableText(
  reason: NotBillable,
  { role, securityRestrictions }: Pick<Organization, 'role' | 'securityRestrictions'>,
): string {
  switch (reason) {
    case 'locked-out':
      return l10n.t('locked out at present: {0}', oneLine(securityRestrictions.join(', '), 60));
    case 'free-plan':
      return l10n.t('free plan: Hugging Face bills organizations on Team or Enterprise only');
    case 'no-payment-method':
      return l10n.t('no payment method');
    case 'no-write-role':
      return l10n.t('needs the role “write” or “admin”; yours is “{0}”', role ?? '–');
  }
}

/** The same as a sentence. */
export function notBillableSentence(reason: NotBillable, organization: Organization): string {
  const why = notBillableText(reason, organization);
  return l10n.t('{0} can’t be billed: {1}.', oneLine(organization.name, 60), why);
}
