import { type Credits, creditBalance } from './credits.ts';

/** What a payer has used and has left, as Hugging Face last told, placeholders among it. Nano-USD; epoch ms. */
export interface PayerBalance {
  readonly usedNanoUsd: number;
  /** From which on Hugging Face refuses; undefined: nothing is held back. */
  readonly limitNanoUsd?: number;
  /** Of what is included; a prepaid balance may come to it. Undefined: not known. */
  readonly leftNanoUsd?: number;
  readonly asOf: number;
}

export function payerBalance(credits: Credits, asOf: number): PayerBalance {
  const { usedNanoUsd, limitNanoUsd, remainingNanoUsd } = creditBalance(credits, asOf);
  return {
    usedNanoUsd,
    ...(limitNanoUsd !== undefined && { limitNanoUsd }),
    ...(remainingNanoUsd !== undefined && { leftNanoUsd: remainingNanoUsd }),
    asOf,
  };
}
