import type { TallyTotal } from '../../limits/requests/requestTally.ts';

/** One month's requests through gateways, this window's and others'. */
export interface GatewayUse {
  /** Epoch ms at which the month began by Hugging Face's clock. */
  readonly since: number;
  /** From the ledger's `tallyTotals`. */
  readonly totals: readonly TallyTotal[];
}
