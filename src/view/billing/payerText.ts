import * as l10n from '@vscode/l10n';
import type { BillingProfile, Payer } from '../../billing/profile.ts';
import type { Account, Organization } from '../../limits/account/account.ts';
import { oneLine } from '../text/plainText.ts';

/** Who pays at present. */
export function payingProfile({ chosen, standIn }: Payer): BillingProfile {
  return standIn?.profile ?? chosen;
}

/** `you`, `acme`, `acme / research` or `your groq key`. Plain text. */
export function payerName(profile: BillingProfile, account: Account | undefined): string {
  switch (profile.kind) {
    case 'personal':
      return account?.type === 'org' ? oneLine(account.name, 40) : l10n.t('you');
    case 'provider-key':
      return l10n.t('your {0} key', oneLine(profile.provider, 40));
    default:
      return moneyOf(profile, account);
  }
}

/** Whose money it is, at a glance: `acme`, `acme / research`, `groq`; for the own account its name. Plain text. */
export function moneyOf(profile: BillingProfile, account: Account | undefined): string {
  switch (profile.kind) {
    case 'personal':
      return oneLine(account?.name ?? l10n.t('you'), 40);
    case 'organization':
      return oneLine(profile.name, 40);
    case 'resource-group':
      return `${oneLine(profile.organization, 40)} / ${resourceGroupName(profile, account)}`;
    case 'provider-key':
      return oneLine(profile.provider, 40);
  }
}

function resourceGroupName(
  { organization, id }: { readonly organization: string; readonly id: string },
  account: Account | undefined,
): string {
  const group = organizationOf(organization, account)?.resourceGroups.find(each => each.id === id);
  return oneLine(group?.name ?? id, 40);
}

/** The organization as the token sees it; undefined when it does not. */
export function organizationOf(name: string, account: Account | undefined): Organization | undefined {
  return account?.organizations.find(organization => organization.name === name);
}

/** Codicons: money from one's own pocket, an organization's and a provider's never look alike. */
export function payerIcon(profile: BillingProfile): string {
  switch (profile.kind) {
    case 'personal':
      return 'account';
    case 'organization':
      return 'organization';
    case 'resource-group':
      return 'group-by-ref-type';
    case 'provider-key':
      return 'key';
  }
}

/** Why somebody stands in, and until when. A full sentence, plain text; undefined while nobody does. */
export function standInSentence(payer: Payer, account: Account | undefined): string | undefined {
  const { chosen, standIn } = payer;
  if (!standIn) return undefined;
  const who = payerName(standIn.profile, account);
  const instead = payerName(chosen, account);
  return standIn.reason === 'credits'
    ? l10n.t('Who pays now: {0}, in place of {1}, until there are credits again.', who, instead)
    : l10n.t('Who pays now: {0}, in place of {1}, whose spending limit is reached.', who, instead);
}
