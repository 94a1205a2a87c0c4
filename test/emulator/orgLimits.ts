import { spentThisMonth } from './credits.ts';
import { roleIn } from './identity.ts';
import type { Feature, Org, ResourceGroup } from './state.ts';

/** Whether the group's spending limit of this month is reached. */
export function isSpent({ credits }: Org, { id, spendLimitCents }: ResourceGroup, now: number): boolean {
  const charges = credits.charges.filter(({ resourceGroup }) => resourceGroup === id);
  const { usedNanoUsd } = spentThisMonth({ ...credits, charges }, now);
  return spendLimitCents !== undefined && usedNanoUsd >= spendLimitCents * 1e7;
}

/**
 * Text of the 403 when the organization gives its members no access to the feature (HF-API.md, section 15). HF's own
 * words are not known.
 */
export function featureRefusal(org: Org, member: string, feature: Feature): string | undefined {
  if (!org.restrictedFeatures?.includes(feature) || roleIn(org, member) === 'admin') return undefined;
  const name = feature === 'jobs' ? 'Jobs' : 'Inference Endpoints';
  return `Access to ${name} is restricted in this organization. Ask an admin of the organization for access.`;
}
