import { type BillingProfile, formatProfile, type StandIn } from '../../billing/profile.ts';
import { providerName } from '../../billing/providers.ts';
import type { StatusJson } from '../json/statusJson.ts';
import type { Row, Section } from './section.ts';

/** By reason. */
export const standInWords: Readonly<Record<StandIn['reason'], string>> = {
  credits: 'stands in: the credits are used up',
  'spending-limit': 'stands in: the spending limit is reached',
};

/** Empty while the token's owner pays. */
export function payerSections({ billing: { profile, standIn } }: StatusJson): Section[] {
  if (profile.kind === 'personal' && standIn === null) return [];
  const rows: Row[] = [{ cells: [formatProfile(profile), payerWords(profile)] }];
  if (standIn !== null) {
    const words = standIn.creditsAreBack
      ? `stands in: credits are back, ${formatProfile(profile)} pays again with the next request`
      : standInWords[standIn.reason];
    rows.push({ cells: [formatProfile(standIn.profile), words], mark: 'warning' });
  }
  return [{ heading: 'Who pays', columns: ['left', 'shrinks'], rows }];
}

/** `the organization acme pays`. */
export function payerWords(profile: BillingProfile): string {
  switch (profile.kind) {
    case 'personal':
      return "the token's owner pays";
    case 'organization':
      return `the organization ${profile.name} pays`;
    case 'resource-group':
      return `the organization ${profile.organization} pays, for its resource group ${profile.id}`;
    case 'provider-key':
      return `${providerName(profile.provider)} bills the owner of its key`;
  }
}
