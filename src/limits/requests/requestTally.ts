/** One request that went through the gateway, as it ended. */
export interface RequestTally {
  /** When it came in, epoch ms. */
  readonly at: number;
  /** 0: no answer. */
  readonly status: number;
  /** As `Route.billedTo` has it: the text of a billing profile, `own-token`, or that with a profile: `own-token+org:acme`; `anonymous`. */
  readonly billedTo: string;
  readonly provider?: string;
  readonly model?: string;
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  /** Estimated. 0 where it is known that nothing is billed, as for the Hub's API; undefined: unknown. */
  readonly costNanoUsd?: number;
  readonly durationMs: number;
}

/** What the requests of one payer to one provider's model come to. */
export interface TallyTotal {
  readonly billedTo: string;
  readonly provider?: string;
  readonly model?: string;
  readonly requests: number;
  /** Those that were answered 402 or 429. */
  readonly refused: number;
  /** Of the requests that told it, as the next two. */
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly costNanoUsd: number;
  /** Requests of unknown cost, which `costNanoUsd` leaves out. */
  readonly uncosted: number;
}

/** 402 and 429: of a tally only the status is known, and any other one has causes that are no limit. */
export function isRefused({ status }: RequestTally): boolean {
  return status === 402 || status === 429;
}

/** Whether it may have cost something that is not known. Nobody bills a request that was answered by an error. */
export function isUncosted({ status, costNanoUsd }: RequestTally): boolean {
  return costNanoUsd === undefined && status < 400;
}
