import type { RateWindow } from '../headers/rateLimit.ts';

/** The facts that one gateway learned about one limit. Plain data: gateways share it through the ledger. */
export interface LearnedLimit {
  readonly limit: string;
  readonly gateway: string;
  /** Epoch ms of the writing. */
  readonly at: number;
  /** Epoch ms of the gateway's last request; 0: never. */
  readonly usedAt: number;
  readonly windows: readonly RateWindow[];
  /** Lanes that a refusal closed and no window explains. */
  readonly closed: readonly ClosedLane[];
}

export interface ClosedLane {
  readonly lane: string;
  /** Epoch ms. */
  readonly at: number;
  readonly until: number;
  /** The server that refused: `huggingface` or a provider's id; undefined: not known. */
  readonly by?: string;
}
