import type { Ledger } from '../ledger/ledger.ts';
import { monthStart } from '../limits/account/credits.ts';
import { payerBalance } from '../limits/account/payerBalance.ts';
import { lastOf, type Refusal, type RefusalCause } from '../limits/refusals/refusal.ts';
import { causeByReading, settlingMs } from '../limits/refusals/unsettled.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Corrects the cause of the account's refusals for credits by the usage that was read after them: who saw one could only
 * guess whether unsettled requests held the money. Older ones keep theirs: views act on the last minutes only.
 * @returns whether a cause has changed
 */
export function reviseRefusals(
  ledger: Pick<Ledger, 'reviseRefusals'>,
  { account, accepted, credits: { value, asOf }, heldNanoUsd, refusals }: Snapshot,
): boolean {
  if (!value || asOf === undefined) return false;
  const balance = payerBalance(value, asOf, heldNanoUsd);
  const placeholders = accepted.find(({ billedTo }) => billedTo === 'personal')?.heldNanoUsd;
  const isOwn = ({ billedTo }: Refusal) => [undefined, 'personal', account.value?.name].includes(billedTo);
  const from = Math.max(asOf - settlingMs, monthStart(asOf));
  const causeOf = (refusal: Refusal): RefusalCause =>
    isOwn(refusal) && lastOf(refusal) >= from && lastOf(refusal) < asOf
      ? causeByReading(refusal, balance, placeholders)
      : refusal.cause;
  if (refusals.every(refusal => causeOf(refusal) === refusal.cause)) return false;
  ledger.reviseRefusals(from, asOf, causeOf);
  return true;
}
