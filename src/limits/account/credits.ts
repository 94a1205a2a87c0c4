/** Spend on Inference Providers in a calendar month (UTC). All money in nano-USD (1e-9 USD), integers. */
export interface Credits {
  readonly usedNanoUsd: number;
  /** The inference part of the monthly allowance; undefined: not known. */
  readonly includedNanoUsd?: number;
  /** Undefined: no limit is set. */
  readonly limitNanoUsd?: number;
  readonly requests?: number;
  readonly byProvider: readonly ProviderSpend[];
  /** Compute that uses the same monthly credits on PRO, Team and Enterprise. */
  readonly otherSpend: OtherSpend;
}

export interface ProviderSpend {
  readonly provider: string;
  readonly nanoUsd: number;
  readonly requests?: number;
}

/** Nano-USD each. */
export interface OtherSpend {
  readonly jobs?: number;
  readonly spaces?: number;
  readonly endpoints?: number;
  readonly privateStorage?: number;
}

/** `GET /api/settings/billing/usage/jobs`. */
export interface JobsUsage {
  readonly usedNanoUsd: number;
  readonly minutes: number;
  readonly running: number;
}

/** $0.01: HF books it for a request until the provider has reported the cost. Measured, not documented. */
export const placeholderNanoUsd = 10_000_000;
const lowFraction = 0.2;

/** One month's balance. Nano-USD; a missing field is not known. */
export interface CreditBalance {
  readonly usedNanoUsd: number;
  readonly includedNanoUsd?: number;
  /** Undefined also for HF's 0: no limit is set. */
  readonly limitNanoUsd?: number;
  /** The whole of `remainingNanoUsd` and `usedFraction`: the user's own budget, or the included credits. */
  readonly measuredAgainst?: 'included' | 'budget';
  readonly remainingNanoUsd?: number;
  /** Above 1 when more is used. */
  readonly usedFraction?: number;
  /** Beyond the included credits. */
  readonly chargedNanoUsd?: number;
  /** Epoch ms. */
  readonly resetsAt: number;
  /** Undefined: neither budget nor included credits are known. */
  readonly state?: 'ok' | 'low' | 'used-up';
  /** Of Jobs, Spaces and Endpoints, which use the same included credits on PRO, Team and Enterprise. */
  readonly otherSpendNanoUsd?: number;
}

/**
 * `otherSpend` is never subtracted: HF does not say whether it took credits or money.
 * @param budgetNanoUsd the user's own monthly budget, used in place of the included credits
 */
export function creditBalance(credits: Credits, now: number, budgetNanoUsd?: number): CreditBalance {
  const { usedNanoUsd, includedNanoUsd, limitNanoUsd, otherSpend } = credits;
  const whole = budgetNanoUsd ?? includedNanoUsd;
  return {
    usedNanoUsd,
    includedNanoUsd,
    chargedNanoUsd: includedNanoUsd === undefined ? undefined : Math.max(0, usedNanoUsd - includedNanoUsd),
    limitNanoUsd: limitNanoUsd !== undefined && limitNanoUsd > 0 ? limitNanoUsd : undefined,
    ...(whole !== undefined && measure(usedNanoUsd, whole)),
    measuredAgainst: budgetNanoUsd !== undefined ? 'budget' : whole === undefined ? undefined : 'included',
    resetsAt: nextMonthStart(now),
    otherSpendNanoUsd: sumKnown([otherSpend.jobs, otherSpend.spaces, otherSpend.endpoints]),
  };
}

/** Nothing (an organization without included credits) has no fraction, and is never used up. */
function measure(
  used: number,
  whole: number,
): Pick<CreditBalance, 'remainingNanoUsd' | 'usedFraction' | 'state'> {
  const remainingNanoUsd = Math.max(0, whole - used);
  if (whole <= 0) return { remainingNanoUsd };
  const state = remainingNanoUsd === 0 ? 'used-up' : remainingNanoUsd < whole * lowFraction ? 'low' : 'ok';
  return { remainingNanoUsd, usedFraction: used / whole, state };
}

/** Nano-USD of the included credits that are not spent: open requests may hold a part of it. */
export function unspentNanoUsd(usedNanoUsd: number, includedNanoUsd: number, heldNanoUsd: number): number {
  return Math.min(includedNanoUsd, Math.max(0, includedNanoUsd - usedNanoUsd + heldNanoUsd));
}

function sumKnown(amounts: readonly (number | undefined)[]): number | undefined {
  const known = amounts.filter(amount => amount !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, amount) => sum + amount, 0);
}

/** Epoch ms of the start of the UTC calendar month, HF's period of credits. */
export function monthStart(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

/** Epoch ms of the reset of HF's monthly credits: the first of next month, 00:00 UTC. */
export function nextMonthStart(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
