/** One finished request of the gateway. */
export interface RequestTally {
  /** Epoch ms of its arrival. */
  readonly at: number;
  /** 0: no response. */
  readonly status: number;
  /** `Route.billedTo`: a billing profile's text, `own-token`, `own-token+org:acme`, or `anonymous`. */
  readonly billedTo: string;
  /** Undefined also for a caller's own token, like `model`. */
  readonly provider?: string;
  readonly model?: string;
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  /** Estimate. 0: nothing is billed, as for the Hub's API; undefined: unknown. */
  readonly costNanoUsd?: number;
  readonly durationMs: number;
  /** From its arrival to the first byte of a streamed answer; undefined: not streamed, or the caller's own token. */
  readonly firstByteMs?: number;
  /** Epoch ms at which the payer's money was accepted; undefined: nothing was billed, or it was refused. */
  readonly acceptedAt?: number;
  /** Id of the workspace whose gateway it was; undefined: none, or nothing that its payer is billed for. */
  readonly workspace?: string;
}

/** What requests through one workspace's gateway cost since a time. */
export interface WorkspaceUse {
  /** Without refused and failed ones. */
  readonly requests: number;
  /** Of the requests whose cost is known. */
  readonly costNanoUsd: number;
  readonly uncosted: number;
}

/** What one payer's requests cost. */
export type PayerTotal = Pick<TallyTotal, 'billedTo' | 'costNanoUsd' | 'uncosted'>;

/** A payer's last requests that were accepted, through all gateways. */
export interface AcceptedRequests {
  readonly billedTo: string;
  /** Epoch ms of the last one. */
  readonly lastAt: number;
  /** Those that Hugging Face may still hold a placeholder for. */
  readonly open: number;
  /** What these placeholders hold beyond the known costs. */
  readonly heldNanoUsd: number;
  /** Epoch ms of the first open one; undefined: none is open. */
  readonly openSince?: number;
}

/**
 * All requests of one payer to one provider's model. Without both: requests to neither, and those beyond the names
 * that the ledger tells apart.
 */
export interface TallyTotal {
  readonly billedTo: string;
  readonly provider?: string;
  readonly model?: string;
  readonly requests: number;
  /** Responses with 402 or 429. */
  readonly refused: number;
  /** Of the requests that reported it, like the next two. */
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly costNanoUsd: number;
  /** Requests of unknown cost, not in `costNanoUsd`. */
  readonly uncosted: number;
}
