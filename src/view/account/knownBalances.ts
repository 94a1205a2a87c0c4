import type { Part, Snapshot } from '../../account/snapshot.ts';
import { type BillingProfile, personalProfile } from '../../billing/profile.ts';
import type { Credits } from '../../limits/account/credits.ts';
import { type PayerBalance, payerBalance } from '../../limits/account/payerBalance.ts';

/** Balances by profile, for the gateway: with money left, a 402 for credits clears by itself. */
export function knownBalances({
  credits,
  organizationCredits,
}: Pick<Snapshot, 'credits' | 'organizationCredits'>): {
  readonly profile: BillingProfile;
  readonly balance: PayerBalance;
}[] {
  return [
    ...balanceOf(personalProfile, credits),
    ...Object.entries(organizationCredits).flatMap(([name, part]) =>
      balanceOf({ kind: 'organization', name }, part),
    ),
  ];
}

function balanceOf(profile: BillingProfile, { value, asOf }: Part<Credits>) {
  return value === undefined || asOf === undefined ? [] : [{ profile, balance: payerBalance(value, asOf) }];
}
