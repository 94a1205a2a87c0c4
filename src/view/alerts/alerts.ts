import { type BillingProfile, payingProfile, personalProfile, sameProfile } from '../../billing/profile.ts';
import type { ViewInput } from '../viewInput.ts';
import { budgetLimits } from './budgetLimits.ts';
import { creditsLimit, spendingLimit } from './creditsLimits.ts';
import { idleEndpoints } from './idleEndpoints.ts';
import { type Alert, isAlert, type LimitState } from './limitState.ts';
import { hardwareLimits, zeroGpuLimit } from './quotaLimits.ts';

/** The limits that are near or reached, in one list for notices, badge and hover. */
export function alerts(input: ViewInput): Alert[] {
  return limitStates(input).filter(isAlert);
}

/** All limits that are known, also those below their thresholds. An answer without one says nothing about it. */
export function limitStates(input: ViewInput): LimitState[] {
  if (!input.snapshot.session) return [];
  return [
    ...payersInUse(input).flatMap(profile => [
      ...creditsLimit(profile, input),
      ...spendingLimit(profile, input),
    ]),
    ...budgetLimits(input),
    ...zeroGpuLimit(input),
    ...hardwareLimits(input),
    ...idleEndpoints(input),
  ];
}

/** The account, and who pays or should pay here. What other organizations have left raises no alarm. */
function payersInUse({ payer }: ViewInput): BillingProfile[] {
  const ofHub = [payer.chosen, payingProfile(payer)].filter(({ kind }) => kind !== 'provider-key');
  return [personalProfile, ...ofHub].filter(
    (profile, index, all) => all.findIndex(other => sameProfile(other, profile)) === index,
  );
}
