import { type BillingProfile, formatProfile, personalProfile } from '../../billing/profile.ts';
import { creditBalance, placeholderNanoUsd } from '../../limits/account/credits.ts';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import type { FaceInput } from '../viewInput.ts';
import { byName, single } from './parts.ts';
import { isOfEarlierMonth } from './staleness.ts';

/** How long after a refusal for want of money the faces call the payer refused. */
export const refusedForMs = 10 * 60_000;

export type MoneyRefused = 'credits' | 'spending-limit';

/** The own credits were refused in the last minutes, while the last figures leave no room for a request. */
export function creditsRefused(input: FaceInput): boolean {
  return moneyRefused(personalProfile, input) !== undefined;
}

/**
 * Why the payer was refused in the last minutes, unless the last figures say that there is money. Undefined: was not.
 * An organization's spending limit is known to its admins alone, and a provider's account to its owner, so that
 * there the refusal itself is all that is known.
 */
export function moneyRefused(profile: BillingProfile, input: FaceInput): MoneyRefused | undefined {
  const { snapshot, now } = input;
  const last = snapshot.refusals.find(
    refusal =>
      (refusal.cause === 'credits' || refusal.cause === 'spending-limit') &&
      refusal.at <= now &&
      now - refusal.at < refusedForMs &&
      isOf(profile, refusal, input),
  );
  if (!last) return undefined;
  const cause = last.cause === 'credits' ? 'credits' : 'spending-limit';
  return isBelied(profile, cause, input) ? undefined : cause;
}

function isOf(profile: BillingProfile, { by, billedTo }: Refusal, { snapshot }: FaceInput): boolean {
  const text = formatProfile(profile);
  const byHub = by === 'huggingface';
  switch (profile.kind) {
    case 'personal':
      return (
        byHub && (billedTo === undefined || billedTo === text || billedTo === snapshot.account.value?.name)
      );
    case 'organization':
      return byHub && (billedTo === text || billedTo === profile.name);
    case 'resource-group':
      return byHub && (billedTo === text || billedTo === profile.id);
    case 'provider-key':
      return billedTo === text;
  }
}

/** Whether figures that are newer than the refusal say that there is money again. */
export function moneyIsBack(
  refusal: Pick<Refusal, 'at' | 'cause'>,
  profile: BillingProfile | undefined,
  input: FaceInput,
): boolean {
  const { credits, organizationCredits } = input.snapshot;
  if (profile?.kind !== 'personal' && profile?.kind !== 'organization') return false;
  const part = profile.kind === 'personal' ? credits : organizationCredits[profile.name];
  if ((part?.asOf ?? 0) <= refusal.at) return false;
  return isBelied(profile, refusal.cause === 'credits' ? 'credits' : 'spending-limit', input);
}

/** Whether the figures speak against the refusal: it was for requests that are not settled yet, or is over. */
function isBelied(profile: BillingProfile, cause: MoneyRefused, input: FaceInput): boolean {
  const { credits, organizationCredits } = input.snapshot;
  switch (profile.kind) {
    case 'personal': {
      const named = single('credits', credits);
      return !credits.value || isOfEarlierMonth(named, input) || !hasNothingLeft(credits.value, input);
    }
    case 'organization': {
      if (cause === 'spending-limit') return false;
      const named = byName('organizationCredits', organizationCredits).find(({ of }) => of === profile.name);
      const value = named && organizationCredits[profile.name]?.value;
      if (!value) return false;
      return isOfEarlierMonth(named, input) || !hasNothingLeft(value, input);
    }
    default:
      return false;
  }
}

/** Hugging Face refuses when the placeholder for one more request does not fit. */
function hasNothingLeft(credits: Parameters<typeof creditBalance>[0], input: FaceInput): boolean {
  const { remainingNanoUsd, limitNanoUsd, usedNanoUsd } = creditBalance(credits, input.serverNow);
  if (limitNanoUsd !== undefined && limitNanoUsd - usedNanoUsd < placeholderNanoUsd) return true;
  return remainingNanoUsd !== undefined && remainingNanoUsd < placeholderNanoUsd;
}
