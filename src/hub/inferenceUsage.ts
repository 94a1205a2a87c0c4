import * as v from 'valibot';
import type { Credits, OtherSpend } from '../limits/account/credits.ts';
import { amount, fromNanoUsd, maybe } from './schema.ts';

/** Inference Providers in usage-v2 and in the live stream: the same fields. */
export const inferenceSchema = v.object({
  usedNanoUsd: fromNanoUsd,
  includedNanoUsd: maybe(fromNanoUsd),
  limitNanoUsd: maybe(fromNanoUsd),
  numRequests: maybe(amount),
  providerDetails: maybe(
    v.array(v.object({ provider: v.string(), totalCostNanoUsd: fromNanoUsd, numRequests: maybe(amount) })),
  ),
});

export function toCredits(inference: v.InferOutput<typeof inferenceSchema>, otherSpend: OtherSpend): Credits {
  return {
    usedNanoUsd: inference.usedNanoUsd,
    includedNanoUsd: inference.includedNanoUsd,
    // HF sends 0 for an account without a limit.
    limitNanoUsd: inference.limitNanoUsd || undefined,
    requests: inference.numRequests,
    byProvider: (inference.providerDetails ?? []).map(detail => ({
      provider: detail.provider,
      nanoUsd: detail.totalCostNanoUsd,
      requests: detail.numRequests,
    })),
    otherSpend,
  };
}
