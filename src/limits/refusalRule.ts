import type { Answer } from './answer.ts';

/** What a rule read out of an answer. `by` is left out where whoever answered is to blame. */
export interface Verdict {
  readonly cause:
    | 'rate'
    | 'tokens'
    | 'concurrency'
    | 'credits'
    | 'unsettled'
    | 'spending-limit'
    | 'quota'
    | 'capacity'
    | 'unknown';
  readonly by?: string;
  readonly scope?: string;
  readonly limit?: number;
  readonly remaining?: number;
  readonly windowSeconds?: number;
  /** Epoch ms, only as the server told it. */
  readonly resetsAt?: number;
  readonly model?: string;
}

/** One kind of refusal that can be told from the others. */
export interface RefusalRule {
  /** For logs and tests. */
  readonly name: string;
  readonly statuses: readonly number[];
  recognise(answer: Answer): Verdict | undefined;
}

/** `12,000` and `12000`. */
export function parseCount(text: string | undefined): number | undefined {
  const digits = text?.replaceAll(',', '') ?? '';
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}
