import type { HubErrorDetails, HubErrorKind } from '../hub/hubError.ts';
import type { Account } from '../limits/account/account.ts';
import type { Credits, JobsUsage } from '../limits/account/credits.ts';
import type { EndpointChange } from '../limits/account/endpointChange.ts';
import type { Endpoint, HardwareQuota } from '../limits/account/endpoints.ts';
import type { EndpointUse } from '../limits/account/endpointUse.ts';
import type { BalanceSample } from '../limits/account/forecast.ts';
import type { ZeroGpuQuota } from '../limits/account/zeroGpu.ts';
import type { RateWindow } from '../limits/headers/rateLimit.ts';
import type { Refusal } from '../limits/refusals/refusal.ts';
import type { AcceptedRequests } from '../limits/requests/requestTally.ts';

/** Why a part could not be refreshed. Plain data: it goes through the ledger to other windows. */
export interface Problem extends HubErrorDetails {
  readonly kind: HubErrorKind;
  /** One English sentence, without secrets. */
  readonly message: string;
  /** Epoch ms of the first failure of this episode. */
  readonly since: number;
  /** Epoch ms of the last failure. */
  readonly at: number;
  /** Failed tries in a row. */
  readonly failures: number;
  /** Epoch ms; no automatic try before it. */
  readonly nextTryAt: number;
}

/** One fact about the account, with an age and a failure of its own. */
export interface Part<T> {
  /** The last good value; it stays when a refresh fails. */
  readonly value?: T;
  /** Epoch ms of the last good response. */
  readonly asOf?: number;
  readonly problem?: Problem;
}

/** The `rateLimits` of the live usage stream. */
export interface Gauges {
  readonly windows: readonly RateWindow[];
  readonly blockedPastWeek?: number;
}

/** Reading and showing more would take milliseconds. */
export const mostRefusals = 100;

/** Everything known about the signed-in account. Immutable. */
export interface Snapshot {
  /** Undefined: signed out, or `sessionProblem` says why no account can be shown. */
  readonly session?: SessionSummary;
  readonly sessionProblem?: SessionProblem;
  readonly account: Part<Account>;
  readonly credits: Part<Credits>;
  /** By organization name: those that can be billed and that the token may read. */
  readonly organizationCredits: Readonly<Record<string, Part<Credits>>>;
  readonly jobs: Part<JobsUsage>;
  readonly zeroGpu: Part<ZeroGpuQuota>;
  readonly gauges: Part<Gauges>;
  /** The last `RateLimit` headers of each bucket. */
  readonly headerWindows: readonly RateWindow[];
  /** By namespace (the user and each organization). */
  readonly endpoints: Readonly<Record<string, Part<readonly Endpoint[]>>>;
  readonly hardware: Readonly<Record<string, Part<readonly HardwareQuota[]>>>;
  /** How long endpoints have had no request, where Hugging Face counts them. */
  readonly endpointUse?: readonly EndpointUse[];
  /** Changes of endpoints that this window waits for. */
  readonly endpointChanges?: readonly EndpointChange[];
  /** Newest first, at most `mostRefusals`. */
  readonly refusals: readonly Refusal[];
  /** The last requests that payers' money was accepted for. */
  readonly accepted: readonly AcceptedRequests[];
  /** Nano-USD of `credits.used` that unsettled requests may hold, at the time of the reading. */
  readonly heldNanoUsd?: number;
  /** Samples of the account's spend in this month and the one before, in order. */
  readonly spend: readonly BalanceSample[];
  /** HF's clock minus ours in ms, from the last `Date` header; undefined before the first response. */
  readonly clockSkewMs?: number;
  /** One sentence about a failure of the ledger; undefined when it works. */
  readonly ledgerProblem?: string;
}

/** Why no account is shown although one was signed in before. */
export type SessionProblem =
  /** The editor's secret storage can't be read: a locked keyring. */
  | { readonly kind: 'keyring'; readonly message: string }
  /** The accepted source of the active session holds no token in this window. */
  | { readonly kind: 'token-gone'; readonly source: TokenSource }
  /** A configured server that no token is sent to; one English sentence. */
  | { readonly kind: 'server-url'; readonly message: string };

/** A session without its token. */
export interface SessionSummary {
  readonly id: string;
  readonly label: string;
  readonly source: TokenSource;
}

/** Where a token comes from: `secret-storage` is ours, the others belong to HF's tools. */
export type TokenSource = { readonly kind: 'secret-storage'; readonly name: string } | ToolTokenSource;

export type ToolTokenSource =
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'token-file'; readonly path: string }
  | { readonly kind: 'stored-token'; readonly path: string; readonly name: string };

export const signedOut: Snapshot = {
  account: {},
  credits: {},
  organizationCredits: {},
  jobs: {},
  zeroGpu: {},
  gauges: {},
  headerWindows: [],
  endpoints: {},
  hardware: {},
  refusals: [],
  spend: [],
  accepted: [],
};
