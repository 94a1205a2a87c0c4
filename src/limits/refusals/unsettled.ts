import { placeholderNanoUsd } from '../account/credits.ts';
import type { PayerBalance } from '../account/payerBalance.ts';
import type { Refusal } from './refusal.ts';

/** A request that was answered, whose placeholder Hugging Face may still hold. */
export interface OpenRequest {
  /** When it was answered, epoch ms. */
  readonly at: number;
  /** Estimated; undefined: not known. */
  readonly costNanoUsd?: number;
}

/** Hugging Face asks providers for the cost every minute, and most have told it by then. */
export const settlingMs = 5 * 60_000;

/** Those that may not be settled yet. */
export function stillOpen<T extends OpenRequest>(requests: readonly T[], now: number): T[] {
  return requests.filter(({ at }) => at <= now && now - at < settlingMs);
}

/**
 * The refusal with the cause `unsettled` when it passes by itself: when Hugging Face told lately that enough is left,
 * or when what the payer's own open requests hold beyond their cost lets another one through once it is settled. What they cost is not known for all: these are taken to hold
 * all of it, since waiting in vain ends with the settling time, and giving up too early spends somebody else's money.
 * @param requests the same payer's, of any age
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
  // The last one that was let through left at least nothing, and so much comes back.
  return held < placeholderNanoUsd ? refusal : { ...refusal, cause: 'unsettled' };
}

/** Nano-USD at least; nothing where it is not known, or told too long ago. */
function leftNow(balance: PayerBalance, requests: readonly OpenRequest[], now: number): number {
  const { leftNanoUsd = 0, asOf } = balance;
  if (now - asOf >= settlingMs || asOf > now) return 0;
  const spent = requests
    .filter(({ at }) => at > asOf)
    .reduce((sum, { costNanoUsd = 0 }) => sum + costNanoUsd, 0);
  return leftNanoUsd - spent;
}

/** And not of the account at a provider, which HF's placeholders do not touch. */
function isOfOwnCredits({ status, cause, by, scope }: Refusal): boolean {
  return status === 402 && cause === 'credits' && by === 'huggingface' && scope !== 'provider balance';
}
