/** Spend on Inference Providers in a calendar month (UTC). All money in nano-USD (1e-9 USD), integers. */
export interface Credits {
  readonly usedNanoUsd: number;
  /** The inference part of the monthly allowance; undefined when HF did not say. */
  readonly includedNanoUsd?: number;
  /** Undefined: no limit configured. */
  readonly limitNanoUsd?: number;
  readonly requests?: number;
  readonly byProvider: readonly ProviderSpend[];
  /** Compute that draws on the same monthly credits on PRO, Team and Enterprise; undefined when HF sent none. */
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
  readonly hasAccess: boolean;
  readonly usedNanoUsd: number;
  readonly minutes: number;
  readonly running: number;
}

/** What HF books for a request until its provider has told the cost: $0.01. Measured, not documented. */
export const placeholderNanoUsd = 10_000_000;
const lowFraction = 0.2;

/** The arithmetic of one month. Nano-USD; a missing field is not known. */
export interface CreditBalance {
  readonly usedNanoUsd: number;
  readonly includedNanoUsd?: number;
  /** Undefined also for HF's 0, which means that no limit is configured. */
  readonly limitNanoUsd?: number;
  /** What `remaining` and `usedFraction` refer to: the user's own budget, or the included credits. */
  readonly measuredAgainst?: 'included' | 'budget';
  readonly remainingNanoUsd?: number;
  /** Above 1 when more was used. */
  readonly usedFraction?: number;
  /** What HF charges beyond the included credits. */
  readonly chargedNanoUsd?: number;
  /** Epoch ms. */
  readonly resetsAt: number;
  /** Undefined: there is nothing to measure against. */
  readonly state?: 'ok' | 'low' | 'used-up';
  /** What the caller's own open requests hold; part of `used` until they are settled. */
  readonly unsettledNanoUsd?: number;
  /** Jobs, Spaces and Endpoints, which draw on the same included credits on PRO, Team and Enterprise. */
  readonly otherSpendNanoUsd?: number;
}

export interface BalanceOptions {
  /** The user's own monthly budget, measured against instead of the included credits. */
  readonly budgetNanoUsd?: number;
  /**
   * Requests of ours that wait for their settled cost. Without it nothing is said of unsettled money: when
   * `used` falls between two samples, that tells what was held at the first one, not what is held now.
   */
  readonly openRequests?: number;
}

/** `otherSpend` is never subtracted: HF does not say which money it took. */
export function creditBalance(credits: Credits, now: number, options: BalanceOptions = {}): CreditBalance {
  const { usedNanoUsd, includedNanoUsd, limitNanoUsd } = credits;
  const whole = options.budgetNanoUsd ?? includedNanoUsd;
  const otherSpendNanoUsd = sumKnown([
    credits.otherSpend.jobs,
    credits.otherSpend.spaces,
    credits.otherSpend.endpoints,
  ]);
  return {
    usedNanoUsd,
    ...(includedNanoUsd !== undefined && {
      includedNanoUsd,
      chargedNanoUsd: Math.max(0, usedNanoUsd - includedNanoUsd),
    }),
    ...(limitNanoUsd !== undefined && limitNanoUsd > 0 && { limitNanoUsd }),
    ...(whole !== undefined && measure(usedNanoUsd, whole)),
    ...(whole !== undefined && {
      measuredAgainst: options.budgetNanoUsd === undefined ? 'included' : 'budget',
    }),
    resetsAt: nextMonthStart(now),
    ...(options.openRequests !== undefined && {
      unsettledNanoUsd: options.openRequests * placeholderNanoUsd,
    }),
    ...(otherSpendNanoUsd !== undefined && { otherSpendNanoUsd }),
  };
}

/** Of nothing (an organization without included credits) no fraction can be used, and none is used up. */
function measure(
  used: number,
  whole: number,
): Pick<CreditBalance, 'remainingNanoUsd' | 'usedFraction' | 'state'> {
  const remainingNanoUsd = Math.max(0, whole - used);
  if (whole <= 0) return { remainingNanoUsd };
  const state = remainingNanoUsd === 0 ? 'used-up' : remainingNanoUsd < whole * lowFraction ? 'low' : 'ok';
  return { remainingNanoUsd, usedFraction: used / whole, state };
}

function sumKnown(amounts: readonly (number | undefined)[]): number | undefined {
  const known = amounts.filter(amount => amount !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, amount) => sum + amount, 0);
}

/** Epoch ms of the first instant of the UTC calendar month, over which HF counts credits. */
export function monthStart(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

/** Epoch ms at which HF's monthly credits start anew: the first of next month, 00:00 UTC. */
export function nextMonthStart(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
