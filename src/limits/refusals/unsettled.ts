import { placeholderNanoUsd } from '../account/credits.ts';
import type { PayerBalance } from '../account/payerBalance.ts';
import type { AcceptedRequests } from '../requests/requestTally.ts';
import type { Refusal } from './refusal.ts';

/** A finished request whose placeholder Hugging Face may still hold. */
export interface OpenRequest {
  /** Epoch ms of the response. */
  readonly at: number;
  /** Estimate; undefined: not known. */
  readonly costNanoUsd?: number;
}

/** HF asks providers for the cost every minute; after 5 minutes most have reported it. */
export const settlingMs = 5 * 60_000;

/** The requests that may be unsettled. */
export function stillOpen<T extends OpenRequest>(requests: readonly T[], now: number): T[] {
  return requests.filter(({ at }) => at <= now && now - at < settlingMs);
}

/**
 * The refusal, with the cause `unsettled` if it passes by itself: HF reported enough money lately, or the
 * payer's placeholders hold enough beyond their cost for one more request. An unknown cost counts as 0:
 * waiting in vain ends with the settling time, giving up too early spends another payer's money.
 * @param requests of the same payer, of any age
 */
export function withUnsettled(
  refusal: Refusal,
  requests: readonly OpenRequest[],
  now: number,
  balance?: PayerBalance,
): Refusal {
  if (!isOfOwnCredits(refusal)) return refusal;
  if (balance && leftNow(balance, requests, now) >= placeholderNanoUsd) {
    return { ...refusal, cause: 'unsettled' };
  }
  const held = stillOpen(requests, now).reduce(
    (sum, { costNanoUsd = 0 }) => sum + Math.max(0, placeholderNanoUsd - costNanoUsd),
    0,
  );
  // the last accepted request left 0 or more, and settling gives so much back
  return held < placeholderNanoUsd ? refusal : { ...refusal, cause: 'unsettled' };
}

/** The same for a refusal that a program printed, by what is known of its payer. */
export function withHolds(
  refusal: Refusal,
  accepted: AcceptedRequests | undefined,
  now: number,
  balance?: PayerBalance,
): Refusal {
  const explained = withUnsettled(refusal, [], now, balance);
  if (explained !== refusal || !isOfOwnCredits(refusal)) return explained;
  return (accepted?.heldNanoUsd ?? 0) < placeholderNanoUsd ? refusal : { ...refusal, cause: 'unsettled' };
}

/** Nano-USD at least; 0 when not known, or reported too long ago. */
function leftNow(balance: PayerBalance, requests: readonly OpenRequest[], now: number): number {
  const { leftNanoUsd = 0, heldNanoUsd = 0, asOf } = balance;
  if (now - asOf >= settlingMs || asOf > now) return 0;
  const spent = requests
    .filter(({ at }) => at > asOf)
    .reduce((sum, { costNanoUsd = 0 }) => sum + costNanoUsd, 0);
  return leftNanoUsd + heldNanoUsd - spent;
}

/** Not of an account at a provider: HF's placeholders do not touch it. */
function isOfOwnCredits({ status, cause, by, scope }: Refusal): boolean {
  return status === 402 && cause === 'credits' && by === 'huggingface' && scope !== 'provider balance';
}
