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
