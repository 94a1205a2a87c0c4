import * as l10n from '@vscode/l10n';
import { type BillingProfile, personalProfile, sameProfile } from '../../billing/profile.ts';
import { findProvider, providerName } from '../../billing/providers.ts';
import type { Account, Organization, OrganizationRole } from '../../limits/account/account.ts';
import { billability } from '../../limits/account/billability.ts';
import { planLabel } from '../../limits/account/plans.ts';
import { notBillableSentence, notBillableText } from '../account/billabilityText.ts';
import { creditsModel, organizationCreditsModel } from '../account/creditsModel.ts';
import { balanceFact } from '../account/creditsText.ts';
import { moneyRefused } from '../account/moneyRefused.ts';
import { joined } from '../text/counts.ts';
import { oneLine } from '../text/plainText.ts';
import type { ViewInput } from '../viewInput.ts';
import { moneyOf, organizationOf, payerIcon } from './payerText.ts';

/** A possible payer, as a row of the picker. Plain text. */
export interface BillingChoice {
  readonly profile: BillingProfile;
  readonly label: string;
  readonly description: string;
  /** A codicon. */
  readonly icon: string;
  readonly current: boolean;
  /** Why Hugging Face would refuse, in a sentence; undefined: it may be billed as far as is known. */
  readonly refusal?: string;
}

/** The account, organizations that can be billed, keys, and last organizations that can't, with the reason. */
export function billingChoices(input: ViewInput, keys: readonly string[]): BillingChoice[] {
  const organizations = input.snapshot.account.value?.organizations ?? [];
  const rows = organizations.flatMap(organization => [
    organizationChoice(organization, input),
    ...groupChoices(organization, input),
  ]);
  const known = [
    ownChoice(input),
    ...rows.filter(({ refusal }) => refusal === undefined),
    ...keys.map(provider => keyChoice(provider, input, true)),
    ...rows.filter(({ refusal }) => refusal !== undefined),
  ];
  return [...known, ...unlisted(known, input)];
}

/** Why Hugging Face would refuse to bill the profile, in a sentence; undefined: it may be billed as far as is known. */
export function refusalOf(profile: BillingProfile, account: Account | undefined): string | undefined {
  if (profile.kind === 'personal' || profile.kind === 'provider-key') return undefined;
  const isGroup = profile.kind === 'resource-group';
  const organization = organizationOf(isGroup ? profile.organization : profile.name, account);
  const reason = organization && billability(organization).reason;
  // a group's role may differ from the organization's
  if (!reason || (isGroup && reason === 'no-write-role')) return undefined;
  return notBillableSentence(reason, organization);
}

/** Without a folder the choice holds in all folders. */
export function switchTitle(hasFolder: boolean): string {
  return hasFolder
    ? l10n.t('Switch Billing in This Folder')
    : l10n.t('Switch Billing in All Folders Without Their Own Choice');
}

/** `here`: only in this window's workspace. */
export function switchedText(name: string, here: boolean): string {
  return here
    ? l10n.t('Bills {0} from now on', name)
    : l10n.t('Bills {0} from now on, in all folders without their own choice', name);
}

function choice(
  profile: BillingProfile,
  label: string,
  facts: readonly (string | undefined)[],
  input: ViewInput,
): BillingChoice {
  const { chosen, standIn } = input.payer;
  const current = sameProfile(profile, chosen);
  const standsIn = standIn && sameProfile(profile, standIn.profile);
  const description = joined([current && l10n.t('current'), standsIn && l10n.t('stands in now'), ...facts]);
  const refusal = refusalOf(profile, input.snapshot.account.value);
  return { profile, label, description, icon: payerIcon(profile), current, refusal };
}

function ownChoice(input: ViewInput): BillingChoice {
  const { session, account } = input.snapshot;
  const { name, plan, type } = account.value ?? {};
  const owner = type === 'org' && name !== undefined ? oneLine(name, 40) : l10n.t('You');
  const label = joined([owner, plan && planLabel(plan)]);
  const balance = session ? balanceFact(creditsModel(input), input) : l10n.t('not signed in to Hugging Face');
  return choice(personalProfile, label, [balance], input);
}

function organizationChoice(organization: Organization, input: ViewInput): BillingChoice {
  const { name, plan, role } = organization;
  const profile = { kind: 'organization', name } as const;
  const { canBill, reason } = billability(organization);
  const label = joined([oneLine(name, 60), reason !== 'free-plan' && planLabel(plan)]);
  if (reason) return choice(profile, label, [notBillableText(reason, organization)], input);
  const facts = [
    balanceFact(organizationCreditsModel(name, input), input),
    roleFact(role),
    canBill ? undefined : l10n.t('not known whether it can be billed'),
  ];
  return choice(profile, label, facts, input);
}

/** A resource group is billed through its organization. Tokens can't read its limit: only refusals tell of it. */
function groupChoices(organization: Organization, input: ViewInput): BillingChoice[] {
  const { reason } = billability(organization);
  if (reason === 'free-plan') return [];
  return organization.resourceGroups.map(({ id }) => {
    const profile = { kind: 'resource-group', organization: organization.name, id } as const;
    const label = moneyOf(profile, input.snapshot.account.value);
    const why = refusalOf(profile, input.snapshot.account.value) && reason;
    const limit =
      moneyRefused(profile, input) === 'spending-limit'
        ? l10n.t('spending limit reached')
        : l10n.t('its limit is not visible to tokens');
    const facts = [l10n.t('resource group'), why ? notBillableText(why, organization) : limit];
    return choice(profile, label, facts, input);
  });
}

function keyChoice(provider: string, input: ViewInput, stored: boolean): BillingChoice {
  const entry = findProvider(provider);
  const facts = [
    l10n.t('billed by {0}, credits don’t apply', oneLine(providerName(provider), 40)),
    stored ? undefined : l10n.t('no key is stored'),
    entry && entry.chatPath === undefined ? l10n.t('no chat') : undefined,
  ];
  const profile = { kind: 'provider-key', provider } as const;
  return choice(profile, l10n.t('{0} key', oneLine(provider, 40)), facts, input);
}

/** The chosen payer when no list has it: an organization given by name, or a removed key. */
function unlisted(known: readonly BillingChoice[], input: ViewInput): BillingChoice[] {
  const { chosen } = input.payer;
  if (known.some(({ profile }) => sameProfile(profile, chosen))) return [];
  if (chosen.kind === 'provider-key') return [keyChoice(chosen.provider, input, false)];
  const label = moneyOf(chosen, input.snapshot.account.value);
  return [choice(chosen, label, [l10n.t('not visible to this token')], input)];
}

function roleFact(role: OrganizationRole | undefined): string | undefined {
  if (role === 'admin') return l10n.t('you are an admin');
  return role === 'write' ? l10n.t('you may write') : undefined;
}
