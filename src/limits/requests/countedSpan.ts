import type { BillingSwitch } from '../account/billingSwitch.ts';
import type { RefusalCause } from '../refusals/refusalRule.ts';
import type { TallyTotal } from './requestTally.ts';

/** A request is recorded when it has ended: sums of hours before this hardly change. */
export const settlesAfterMs = 2 * 3_600_000;

/** Epoch ms; `until` is not in it. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** The requests of one span, added up by payer, provider and model. */
export interface SpanTotal extends TallyTotal {
  /** Requests that succeeded, and took `durationMs` together. */
  readonly timed: number;
  readonly durationMs: number;
  /** Requests among them with a streamed answer, whose first bytes took `firstByteMs` together. */
  readonly streamed: number;
  readonly firstByteMs: number;
}

/** Billed requests through the gateways of one workspace. */
export interface WorkspaceTotal {
  readonly workspace: string;
  readonly requests: number;
  /** Of the requests whose cost is known. */
  readonly costNanoUsd: number;
  readonly uncosted: number;
}

export interface RefusalTotal {
  readonly cause: RefusalCause;
  /** `huggingface` or a provider's id. */
  readonly by: string;
  readonly count: number;
}

/** What the ledger counted in one span. */
export interface CountedSpan extends Span {
  readonly totals: readonly SpanTotal[];
  /** At most `mostFoldersOfSpan`, the dearest first. */
  readonly workspaces: readonly WorkspaceTotal[];
  readonly refusals: readonly RefusalTotal[];
}

/** What the ledger has for the dashboard. */
export interface CountedHere {
  /** One for each span that was asked for, in order. */
  readonly spans: readonly CountedSpan[];
  /** At most `mostShownSwitches` of the last ones in these spans, oldest first. */
  readonly switches: readonly BillingSwitch[];
  /** Names of folders by workspace id, as their windows left them. */
  readonly folders: ReadonlyMap<string, string>;
  /** Epoch ms of the first and last hour with requests; the last is later than now after a clock was set back. */
  readonly hours?: { readonly oldest: number; readonly newest: number };
}
