import type { ErrorResponse } from './errorResponse.ts';

export const refusalCauses = [
  'rate',
  'tokens',
  'concurrency',
  'credits',
  'unsettled',
  'spending-limit',
  'quota',
  'plan',
  'capacity',
  'unknown',
] as const;

/**
 * Why work was declined. `unsettled`: a 402 although money is left. `plan`: the plan does not include it, whatever is left.
 */
export type RefusalCause = (typeof refusalCauses)[number];

/** The facts that a rule read from a response. Without `by`, the server that answered set the limit. */
export interface RuleMatch {
  readonly cause: RefusalCause;
  readonly by?: string;
  readonly scope?: string;
  readonly limit?: number;
  readonly remaining?: number;
  readonly windowSeconds?: number;
  /** Epoch ms, only from the server. */
  readonly resetsAt?: number;
  readonly model?: string;
  /** Only from Headroom's own words. */
  readonly billedTo?: string;
}

/** One kind of refusal. */
export interface RefusalRule {
  /** For tests. */
  readonly name: string;
  /** 200: also for an error inside a success. */
  readonly statuses: readonly number[];
  /**
   * For `needlePattern`: the rule is asked only about words with one of them, and the watchers look for them
   * in what programs print. Undefined: the rule reads something other than words.
   */
  readonly needles?: readonly string[];
  /**
   * How its sentences begin where no needle does, in the same form. Behind words of another program the watchers take
   * only a whole sentence for the server's.
   */
  readonly openings?: readonly string[];
  recognise(response: ErrorResponse): RuleMatch | undefined;
}

/**
 * One pattern of many needles, each the source of a regular expression in lower case. Those in ASCII begin at
 * a word boundary, which is twice as fast, and in order, so that V8 shares their beginnings (test/bench/terminalWatch.ts).
 */
export function needlePattern(needles: readonly string[], flags = ''): RegExp {
  const sorted = [...needles].sort();
  const ascii = sorted.filter(needle => /^[ -~]/.test(needle));
  const others = sorted.filter(needle => !ascii.includes(needle));
  return new RegExp([`\\b(?:${ascii.join('|')})`, ...others].join('|'), flags);
}

/** The provider that answered; undefined for HF's own router, and when it is not known. */
export function providerOf(response: ErrorResponse): string | undefined {
  return response.answeredBy === 'huggingface' ? undefined : response.answeredBy;
}
