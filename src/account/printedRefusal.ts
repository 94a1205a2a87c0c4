import { payerBalance } from '../limits/account/payerBalance.ts';
import type { Refusal } from '../limits/refusals/refusal.ts';
import { withHolds } from '../limits/refusals/unsettled.ts';
import type { Snapshot } from './snapshot.ts';

/** A refusal that a program printed, with the cause `unsettled` where holds on the account's money can explain it. */
export function explainPrinted(
  refusal: Refusal,
  { credits, heldNanoUsd, accepted }: Pick<Snapshot, 'credits' | 'heldNanoUsd' | 'accepted'>,
  now: number,
): Refusal {
  const { billedTo = 'personal' } = refusal;
  const { value, asOf } = billedTo === 'personal' ? credits : {};
  const balance = value && asOf !== undefined ? payerBalance(value, asOf, heldNanoUsd) : undefined;
  const requests = accepted.find(each => each.billedTo === billedTo);
  return withHolds(refusal, requests, now, balance);
}
