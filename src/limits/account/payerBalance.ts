import { type Credits, creditBalance } from './credits.ts';
import { areCostly } from './holds.ts';

/** A payer's balance as HF last reported it, placeholders included. Nano-USD; epoch ms. */
export interface PayerBalance {
  readonly usedNanoUsd: number;
  /** HF refuses from here on; undefined: no limit. */
  readonly limitNanoUsd?: number;
  /** Of the included credits; a prepaid balance may be added. Undefined: not known. */
  readonly leftNanoUsd?: number;
  /** Unsettled requests may hold so much; it comes back. Undefined: not known. */
  readonly heldNanoUsd?: number;
  /** The month's requests cost more than their placeholders on average. */
  readonly isCostly?: boolean;
  readonly asOf: number;
}

export function payerBalance(credits: Credits, asOf: number, heldNanoUsd?: number): PayerBalance {
  const { usedNanoUsd, limitNanoUsd, remainingNanoUsd } = creditBalance(credits, asOf);
  const isCostly = areCostly(usedNanoUsd, credits.requests);
  return { usedNanoUsd, limitNanoUsd, leftNanoUsd: remainingNanoUsd, heldNanoUsd, isCostly, asOf };
}
