import type { Snapshot } from '../../account/snapshot.ts';
import { formatProfile, type Payer } from '../../billing/profile.ts';
import { creditBalance, placeholderNanoUsd } from '../../limits/account/credits.ts';
import { lastOf } from '../../limits/refusals/refusal.ts';

/**
 * Whether the replaced payer has credits for a request; undefined: not known, or not counted in credits.
 * @param serverNow epoch ms by Hugging Face's clock
 */
export function hasCredits({ chosen }: Payer, snapshot: Snapshot, serverNow: number): boolean | undefined {
  const { value, asOf } = creditsOf(chosen, snapshot);
  if (!value || asOf === undefined) return undefined;
  const { remainingNanoUsd } = creditBalance(value, serverNow);
  return remainingNanoUsd === undefined ? undefined : remainingNanoUsd >= placeholderNanoUsd;
}

/** Whether figures that are newer than the failover and the last refusal show credits: the next request tries them. */
export function creditsAreBack(payer: Payer, snapshot: Snapshot, serverNow: number): boolean {
  const { chosen, standIn } = payer;
  if (standIn?.reason !== 'credits' || hasCredits(payer, snapshot, serverNow) !== true) return false;
  const refused = snapshot.refusals.find(({ billedTo }) => billedTo === formatProfile(chosen));
  const since = Math.max(standIn.since, refused ? lastOf(refused) : 0);
  return (creditsOf(chosen, snapshot).asOf ?? 0) > since;
}

function creditsOf(chosen: Payer['chosen'], { credits, organizationCredits }: Snapshot): Snapshot['credits'] {
  if (chosen.kind === 'personal') return credits;
  return (chosen.kind === 'organization' && organizationCredits[chosen.name]) || {};
}
