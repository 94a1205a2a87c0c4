import { monthEnd, monthStart } from './clock.ts';
import type { Charge, Credits } from './state.ts';

/** The placeholder until the charge is settled, then its real cost. */
function amountOf(charge: Charge, now: number): number {
  return now >= charge.settlesAt ? charge.costNanoUsd : charge.placeholderNanoUsd;
}

export interface Spending {
  readonly usedNanoUsd: number;
  readonly requests: number;
  readonly providers: readonly ProviderSpending[];
}

/** In HF's format. */
interface ProviderSpending {
  provider: string;
  numRequests: number;
  totalCostNanoUsd: number;
}

/** Sum of the charges between two times (epoch ms, both included), as settled at `now`. */
export function spending(credits: Credits, from: number, to: number, now: number): Spending {
  const providers = new Map<string, ProviderSpending>();
  for (const charge of credits.charges) {
    if (charge.at < from || charge.at > to) continue;
    const { provider } = charge;
    const sum = providers.get(provider) ?? { provider, numRequests: 0, totalCostNanoUsd: 0 };
    sum.numRequests += charge.requests;
    sum.totalCostNanoUsd += amountOf(charge, now);
    providers.set(provider, sum);
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

/** Limit of this month's spending: the configured one, else included credits plus the prepaid wallet. */
export function ceiling(credits: Credits): number {
  return credits.limitNanoUsd > 0 ? credits.limitNanoUsd : credits.includedNanoUsd + credits.prepaidNanoUsd;
}

/** HF's text of 2026 (HF-API.md, section 7.7); free accounts are advised to subscribe. */
export function depletedCredits(isFree: boolean): string {
  const depleted =
    'You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers.';
  return isFree ? `${depleted} Alternatively, subscribe to PRO to get 20x more included usage.` : depleted;
}
