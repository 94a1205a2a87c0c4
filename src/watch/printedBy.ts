import type { RefusalSource } from '../limits/refusals/refusal.ts';

/** What printed a text. */
export interface PrintedBy {
  readonly source: RefusalSource;
  /** Without secrets. */
  readonly program?: string;
  /** Where the program sends its request, if its command line says so. */
  readonly url?: string;
  /** A test runner, which prints expected texts, too: only a status of a named server counts. */
  readonly isTest?: boolean;
}
