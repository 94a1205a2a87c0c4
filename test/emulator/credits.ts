import { monthEnd, monthStart } from './clock.ts';
import type { Charge, Credits } from './state.ts';

/** What a charge costs as of now: the placeholder until the provider has told the real cost. */
export function amountOf(charge: Charge, now: number): number {
  return now >= charge.settlesAt ? charge.costNanoUsd : charge.placeholderNanoUsd;
}

export interface Spending {
  readonly usedNanoUsd: number;
  readonly requests: number;
  readonly providers: { provider: string; numRequests: number; totalCostNanoUsd: number }[];
}

/** Charges between two moments (both included), epoch ms, as they stand at `now`. */
export function spending(credits: Credits, from: number, to: number, now: number): Spending {
  const providers = new Map<string, { provider: string; numRequests: number; totalCostNanoUsd: number }>();
  for (const charge of credits.charges) {
    if (charge.at < from || charge.at > to) continue;
    const sum = providers.get(charge.provider) ?? {
      provider: charge.provider,
      numRequests: 0,
      totalCostNanoUsd: 0,
    };
    sum.numRequests += charge.requests;
    sum.totalCostNanoUsd += amountOf(charge, now);
    providers.set(charge.provider, sum);
  }
  const all = [...providers.values()];
  return {
    usedNanoUsd: all.reduce((sum, { totalCostNanoUsd }) => sum + totalCostNanoUsd, 0),
    requests: all.reduce((sum, { numRequests }) => sum + numRequests, 0),
    providers: all,
  };
}

export function spentThisMonth(credits: Credits, now: number): Spending {
  return spending(credits, monthStart(now), monthEnd(now), now);
}

/** How much may be spent this month: a configured limit, else what is included and the wallet. */
export function ceiling(credits: Credits): number {
  return credits.limitNanoUsd > 0 ? credits.limitNanoUsd : credits.includedNanoUsd + credits.prepaidNanoUsd;
}
