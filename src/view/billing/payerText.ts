import * as l10n from '@vscode/l10n';
import { type BillingProfile, parseProfile, payingProfile, personalProfile } from '../../billing/profile.ts';
import type { Account, Organization } from '../../limits/account/account.ts';
import { planLabel } from '../../limits/account/plans.ts';
import { creditsAreBack } from '../account/creditsBack.ts';
import { oneLine } from '../text/plainText.ts';
import type { ViewInput } from '../viewInput.ts';

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

/** The owner of the money: `ada`, `acme`, `acme / research`, `groq`. Plain text. */
export function moneyOf(profile: BillingProfile, account: Account | undefined): string {
  switch (profile.kind) {
    case 'personal':
      return oneLine(account?.name ?? l10n.t('you'), 40);
    case 'organization':
      return oneLine(profile.name, 40);
    case 'resource-group': {
      const groups = organizationOf(profile.organization, account)?.resourceGroups ?? [];
      const name = groups.find(({ id }) => id === profile.id)?.name ?? profile.id;
      return `${oneLine(profile.organization, 40)} / ${oneLine(name, 40)}`;
    }
    case 'provider-key':
      return oneLine(profile.provider, 40);
  }
}

/** `acme pays`, and facts about who that is, such as the plan. Plain text. */
export function paysText({ payer, snapshot }: Pick<ViewInput, 'payer' | 'snapshot'>): {
  readonly pays: string;
  readonly facts: readonly (string | false | undefined)[];
} {
  const profile = payingProfile(payer);
  const account = snapshot.account.value;
  const isOwn = profile.kind === 'personal';
  const plan = isOwn
    ? account?.plan
    : profile.kind === 'organization' && organizationOf(profile.name, account)?.plan;
  const isUser = isOwn && account?.type !== 'org';
  return {
    pays: isUser ? l10n.t('You pay') : l10n.t('{0} pays', moneyOf(profile, account)),
    facts: [isUser && oneLine(account?.name ?? ''), plan && planLabel(plan)],
  };
}

/** `ada (your account)`: before the account's own figures, in the hover and in the dashboard. */
export function accountTitle(account: Account | undefined): string {
  if (!account) return l10n.t('Your account');
  const name = oneLine(account.name, 40);
  return account.type === 'org'
    ? l10n.t('{0} (the token’s account)', name)
    : l10n.t('{0} (your account)', name);
}

/** Undefined: the token does not see this organization. */
export function organizationOf(name: string, account: Account | undefined): Organization | undefined {
  return account?.organizations.find(organization => organization.name === name);
}

const icons: Readonly<Record<BillingProfile['kind'], string>> = {
  personal: 'account',
  organization: 'organization',
  'resource-group': 'group-by-ref-type',
  'provider-key': 'key',
};

/** A codicon, different for the user's own money, an organization's and a provider's. */
export function payerIcon({ kind }: BillingProfile): string {
  return icons[kind];
}

/** Of a request. `own-token` pays for itself, `own-token+PROFILE` bills that profile. */
export function billedPayer(billedTo: string, account: Account | undefined): { name: string; icon: string } {
  if (billedTo === 'anonymous') return { name: l10n.t('no payer: no token'), icon: 'circle-slash' };
  const [, ownToken, text = ''] = /^(own-token\+?)?(.*)$/s.exec(billedTo) ?? [];
  const profile: BillingProfile | undefined = ownToken && text === '' ? personalProfile : parseProfile(text);
  if (!profile) return { name: oneLine(billedTo), icon: 'question' };
  const name = payerName(profile, account);
  if (!ownToken) return { name, icon: payerIcon(profile) };
  const label = text === '' ? l10n.t('the program’s own token') : l10n.t('{0}, own token', name);
  return { name: label, icon: payerIcon(profile) };
}

/** `you again with the next request`. */
export function returningText({ payer, snapshot }: ViewInput): string {
  return l10n.t('{0} again with the next request', payerName(payer.chosen, snapshot.account.value));
}

/** Whether the chosen payer has credits again, while the stand-in has paid last. */
export function isReturning({ payer, snapshot, serverNow }: ViewInput): boolean {
  return creditsAreBack(payer, snapshot, serverNow);
}
