/** A resource group is billed through its organization. */
export type BillingProfile =
  | { readonly kind: 'personal' }
  | { readonly kind: 'organization'; readonly name: string }
  | { readonly kind: 'resource-group'; readonly organization: string; readonly id: string }
  | { readonly kind: 'provider-key'; readonly provider: string };

export const personalProfile: BillingProfile = { kind: 'personal' };

/** The profile that pays while the chosen one is refused for money. */
export interface StandIn {
  readonly profile: BillingProfile;
  /** What the chosen profile ran out of. */
  readonly reason: 'credits' | 'spending-limit';
  /** Epoch ms. */
  readonly since: number;
}

export interface Payer {
  readonly chosen: BillingProfile;
  /** Undefined: the chosen profile pays. */
  readonly standIn?: StandIn;
}

/** The profile that pays at present: the chosen one, or its stand-in. */
export function payingProfile({ chosen, standIn }: Payer): BillingProfile {
  return standIn?.profile ?? chosen;
}

const name = /^[A-Za-z0-9][\w.-]{0,95}$/;

/** `personal`, `org:NAME`, `group:ORG/ID` or `key:PROVIDER`; undefined for anything else. */
export function parseProfile(text: string): BillingProfile | undefined {
  if (text === 'personal') return personalProfile;
  const [, kind, rest = ''] = /^(org|group|key):(.+)$/s.exec(text) ?? [];
  if (kind === 'org' && name.test(rest)) return { kind: 'organization', name: rest };
  if (kind === 'key' && name.test(rest)) return { kind: 'provider-key', provider: rest };
  const [organization = '', id = '', ...more] = rest.split('/');
  if (kind === 'group' && more.length === 0 && name.test(organization) && name.test(id)) {
    return { kind: 'resource-group', organization, id };
  }
  return undefined;
}

/** Of an unchecked setting; entries that are no profile are skipped. */
export function parseProfiles(texts: unknown): BillingProfile[] {
  if (!Array.isArray(texts)) return [];
  return texts.flatMap(text => (typeof text === 'string' && parseProfile(text)) || []);
}

/** Profiles that may pay for a request, as `formatProfile` writes them. */
export function mayPay({ chosen, standIn }: Payer, failover: readonly BillingProfile[]): string[] {
  const profiles = [chosen, ...(standIn ? [standIn.profile] : []), ...failover];
  return [...new Set(profiles.map(formatProfile))];
}

/** The text that `parseProfile` reads. Stored in the ledger and shown to users. */
export function formatProfile(profile: BillingProfile): string {
  switch (profile.kind) {
    case 'personal':
      return 'personal';
    case 'organization':
      return `org:${profile.name}`;
    case 'resource-group':
      return `group:${profile.organization}/${profile.id}`;
    case 'provider-key':
      return `key:${profile.provider}`;
  }
}

export function sameProfile(one: BillingProfile, other: BillingProfile): boolean {
  return formatProfile(one) === formatProfile(other);
}

/** `X-HF-Bill-To`; undefined when Hugging Face bills the token's owner, or does not bill. */
export function billToOf(profile: BillingProfile): string | undefined {
  if (profile.kind === 'organization') return profile.name;
  return profile.kind === 'resource-group' ? profile.id : undefined;
}
