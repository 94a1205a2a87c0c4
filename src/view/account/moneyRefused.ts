import type { Snapshot } from '../../account/snapshot.ts';
import { type BillingProfile, formatProfile } from '../../billing/profile.ts';
import { type Credits, creditBalance, placeholderNanoUsd } from '../../limits/account/credits.ts';
import { lastOf, type Refusal } from '../../limits/refusals/refusal.ts';
import type { AcceptedRequests } from '../../limits/requests/requestTally.ts';
import type { ViewInput } from '../viewInput.ts';
import { type NamedPart, organizationCredits, single } from './parts.ts';
import { isOfEarlierMonth } from './staleness.ts';

/** How long after a 402 views show its payer as refused. */
const refusedForMs = 10 * 60_000;

/** What tells of a payer's money. */
export type MoneyInput = Pick<ViewInput, 'snapshot' | 'now' | 'serverNow'>;

export type MoneyRefused = 'credits' | 'spending-limit';

export function isOfMoney(refusal: Refusal): refusal is Refusal & { readonly cause: MoneyRefused } {
  // the user's own budget says nothing of the payer's money
  if (refusal.by === 'headroom') return false;
  return refusal.cause === 'credits' || refusal.cause === 'spending-limit';
}

/**
 * Why the payer was refused in the last minutes, unless the last figures show money for a request. Only its admins
 * know an organization's spending limit, and only its owner a provider's account: there the refusal alone counts.
 */
export function moneyRefused(profile: BillingProfile, input: MoneyInput): MoneyRefused | undefined {
  const last = lastMoneyRefusal(profile, input);
  return last && isOfMoney(last) && !hasMoney(profile, last.cause, input) ? last.cause : undefined;
}

/** The payer's last refusal for money in the last minutes, `unsettled` ones too, unless it was accepted since. */
export function lastMoneyRefusal(profile: BillingProfile, input: MoneyInput): Refusal | undefined {
  const last = recentMoneyRefusal(profile, input);
  return last && wasAcceptedSince(last, profile, input.snapshot) ? undefined : last;
}

export function recentMoneyRefusal(profile: BillingProfile, input: MoneyInput): Refusal | undefined {
  const { snapshot, now } = input;
  return snapshot.refusals
    .filter(refusal => isOfMoney(refusal) || refusal.cause === 'unsettled')
    .filter(refusal => lastOf(refusal) <= now && now - lastOf(refusal) < refusedForMs)
    .find(refusal => isBilledTo(profile, refusal, input));
}

/** Whether the payer's money was accepted after the refusal. */
export function wasAcceptedSince(refusal: Refusal, profile: BillingProfile, snapshot: Snapshot): boolean {
  return (acceptedOf(profile, snapshot)?.lastAt ?? 0) > lastOf(refusal);
}

/** The payer's last accepted requests; undefined: none are known. */
export function acceptedOf(profile: BillingProfile, { accepted }: Snapshot): AcceptedRequests | undefined {
  const payer = formatProfile(profile);
  return accepted.find(({ billedTo }) => billedTo === payer);
}

function isBilledTo(profile: BillingProfile, { by, billedTo }: Refusal, { snapshot }: MoneyInput): boolean {
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

/** Whether the payer was accepted since the refusal, or newer figures show money again. */
export function moneyIsBack(
  refusal: Refusal,
  profile: BillingProfile | undefined,
  input: MoneyInput,
): boolean {
  if (!isOfMoney(refusal) || !profile) return false;
  if (wasAcceptedSince(refusal, profile, input.snapshot)) return true;
  const { asOf = 0 } = figuresOf(profile, input) ?? {};
  return asOf > lastOf(refusal) && hasMoney(profile, refusal.cause, input);
}

/** Whether the figures contradict the refusal: unsettled requests held the money, or its month is over. */
function hasMoney(profile: BillingProfile, cause: MoneyRefused, input: MoneyInput): boolean {
  const figures = figuresOf(profile, input);
  if (!figures?.value) return profile.kind === 'personal';
  if (profile.kind === 'organization' && cause === 'spending-limit') return false;
  if (isOfEarlierMonth(figures, input)) return true;
  const { remainingNanoUsd, limitNanoUsd, usedNanoUsd } = creditBalance(figures.value, input.serverNow);
  // Hugging Face refuses a request when its placeholder does not fit
  if (limitNanoUsd !== undefined && limitNanoUsd - usedNanoUsd < placeholderNanoUsd) return false;
  return remainingNanoUsd === undefined || remainingNanoUsd >= placeholderNanoUsd;
}

export function figuresOf(profile: BillingProfile, { snapshot }: MoneyInput): NamedPart<Credits> | undefined {
  if (profile.kind === 'personal') return single('credits', snapshot.credits);
  return profile.kind === 'organization' ? organizationCredits(snapshot, profile.name) : undefined;
}
