import type { Answer } from './answer.ts';

/** Why work was declined. `unsettled` is a 402 although money is left. */
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

/** What a rule read out of an answer. `by` is left out where whoever answered is to blame. */
export interface Verdict {
  readonly cause: RefusalCause;
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
  /** With 200, what it recognises is also told by an error inside a success. */
  readonly statuses: readonly number[];
  /**
   * In lower case: unless one of them is among the words, it recognises nothing and needn't be asked. Their first
   * three characters are what is looked for: rare ones, such as `ueu` where `que` is in each `request`.
   */
  readonly needles?: readonly string[];
  recognise(answer: Answer): Verdict | undefined;
}

/** The provider that answered; undefined when it was HF's router that spoke, or nobody knows. */
export function providerOf(answer: Answer): string | undefined {
  return answer.answeredBy === 'huggingface' ? undefined : answer.answeredBy;
}
