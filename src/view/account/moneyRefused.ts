import { type BillingProfile, formatProfile, personalProfile } from '../../billing/profile.ts';
import { type Credits, creditBalance, placeholderNanoUsd } from '../../limits/account/credits.ts';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import type { ViewInput } from '../viewInput.ts';
import { byName, type NamedPart, single } from './parts.ts';
import { isOfEarlierMonth } from './staleness.ts';

/** How long after a 402 views show its payer as refused. */
const refusedForMs = 10 * 60_000;

export type MoneyRefused = 'credits' | 'spending-limit';

/** Whether the account's own credits were refused in the last minutes. */
export function creditsRefused(input: ViewInput): boolean {
  return moneyRefused(personalProfile, input) !== undefined;
}

/**
 * Why the payer was refused in the last minutes, unless the last figures show money for a request. Only its admins
 * know an organization's spending limit, and only its owner a provider's account: there the refusal alone counts.
 */
export function moneyRefused(profile: BillingProfile, input: ViewInput): MoneyRefused | undefined {
  const { snapshot, now } = input;
  const last = snapshot.refusals.find(
    refusal =>
      (refusal.cause === 'credits' || refusal.cause === 'spending-limit') &&
      refusal.at <= now &&
      now - refusal.at < refusedForMs &&
      isBilledTo(profile, refusal, input),
  );
  if (!last) return undefined;
  const cause = last.cause === 'credits' ? 'credits' : 'spending-limit';
  return hasMoney(profile, cause, input) ? undefined : cause;
}

function isBilledTo(profile: BillingProfile, { by, billedTo }: Refusal, { snapshot }: ViewInput): boolean {
  const text = formatProfile(profile);
  const byHub = by === 'huggingface';
  switch (profile.kind) {
    case 'personal':
      return byHub && [undefined, text, snapshot.account.value?.name].includes(billedTo);
    case 'organization':
      return byHub && (billedTo === text || billedTo === profile.name);
    case 'resource-group':
      return byHub && (billedTo === text || billedTo === profile.id);
    case 'provider-key':
      return billedTo === text;
  }
}

/** Whether figures newer than the refusal show money again. */
export function moneyIsBack(
  refusal: Pick<Refusal, 'at' | 'cause'>,
  profile: BillingProfile | undefined,
  input: ViewInput,
): boolean {
  const { credits, organizationCredits } = input.snapshot;
  if (profile?.kind !== 'personal' && profile?.kind !== 'organization') return false;
  const part = profile.kind === 'personal' ? credits : organizationCredits[profile.name];
  if ((part?.asOf ?? 0) <= refusal.at) return false;
  return hasMoney(profile, refusal.cause === 'credits' ? 'credits' : 'spending-limit', input);
}

/** Whether the figures contradict the refusal: unsettled requests held the money, or its month is over. */
function hasMoney(profile: BillingProfile, cause: MoneyRefused, input: ViewInput): boolean {
  const { credits, organizationCredits } = input.snapshot;
  if (profile.kind === 'personal') {
    return !credits.value || hasRoom(credits.value, single('credits', credits), input);
  }
  if (profile.kind !== 'organization' || cause === 'spending-limit') return false;
  const named = byName('organizationCredits', organizationCredits).find(({ of }) => of === profile.name);
  const value = organizationCredits[profile.name]?.value;
  return named !== undefined && value !== undefined && hasRoom(value, named, input);
}

/** Hugging Face refuses a request when its placeholder does not fit. */
function hasRoom(credits: Credits, named: NamedPart, input: ViewInput): boolean {
  if (isOfEarlierMonth(named, input)) return true;
  const { remainingNanoUsd, limitNanoUsd, usedNanoUsd } = creditBalance(credits, input.serverNow);
  if (limitNanoUsd !== undefined && limitNanoUsd - usedNanoUsd < placeholderNanoUsd) return false;
  return remainingNanoUsd === undefined || remainingNanoUsd >= placeholderNanoUsd;
}
