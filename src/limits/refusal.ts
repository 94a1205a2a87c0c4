/** Why work was declined. `DESIGN` vocabulary: `unsettled` is a 402 although money is left. */
export type RefusalCause =
  | 'rate'
  | 'tokens'
  | 'concurrency'
  | 'credits'
  | 'unsettled'
  | 'spending-limit'
  | 'quota'
  | 'capacity'
  | 'unknown';

/** Where the refusal was seen. */
export type RefusalSource = 'headroom' | 'gateway' | 'host' | 'terminal' | 'debug-console' | 'notebook';

/** A response that declined work because of a limit. */
export interface Refusal {
  /** Epoch ms. */
  readonly at: number;
  readonly status: number;
  readonly cause: RefusalCause;
  /** `huggingface` or a provider's id. */
  readonly by: string;
  /** What the limit applies to, in HF's words where it has one: `api`, `repository commits`, `tokens per minute`. */
  readonly scope?: string;
  readonly limit?: number;
  readonly remaining?: number;
  readonly windowSeconds?: number;
  /** Epoch ms; undefined when the server did not say. */
  readonly resetsAt?: number;
  readonly billedTo?: string;
  readonly model?: string;
  readonly source: RefusalSource;
  /** The server's own words, at most 500 characters, secrets redacted. */
  readonly message: string;
}
