/** Tiers that HF publishes, https://huggingface.co/docs/hub/rate-limits and /pricing, as of August 2026. */
export type Plan =
  | 'anonymous'
  | 'free'
  | 'pro'
  | 'team'
  | 'academia'
  | 'enterprise'
  | 'enterprise-plus'
  | 'unknown';

const organizationPlans: ReadonlyMap<string, Plan> = new Map([
  ['free', 'free'],
  ['team', 'team'],
  ['academia', 'academia'],
  ['academiahub', 'academia'],
  ['enterprise', 'enterprise'],
  ['enterpriseplus', 'enterprise-plus'],
]);

/** The plan of a whoami user. An app's response has no `isPro`. */
export function planOfUser(user: { readonly isPro?: boolean }): Plan {
  if (user.isPro === undefined) return 'unknown';
  return user.isPro ? 'pro' : 'free';
}

/** The plan of one of whoami's `orgs`. Free ones have no `plan`; `isEnterprise` is its older form. */
export function planOfOrganization(organization: {
  readonly plan?: string;
  readonly isEnterprise?: boolean;
}): Plan {
  if (organization.plan === undefined) return organization.isEnterprise ? 'enterprise' : 'free';
  const key = organization.plan.toLowerCase().replace(/[^a-z]/g, '');
  return organizationPlans.get(key) ?? 'unknown';
}

const labels: Readonly<Partial<Record<Plan, string>>> = {
  free: 'Free',
  pro: 'PRO',
  team: 'Team',
  academia: 'Academia',
  enterprise: 'Enterprise',
  'enterprise-plus': 'Enterprise Plus',
};

/** HF's own name of the plan, the same in every language; undefined for `anonymous` and `unknown`. */
export function planLabel(plan: Plan): string | undefined {
  return labels[plan];
}
