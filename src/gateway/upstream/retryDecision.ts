import type { MoneyReason } from '../../billing/failover.ts';
import type { BillingProfile } from '../../billing/profile.ts';
import { type HeaderBag, headerValue } from '../../limits/headers/headers.ts';
import { parseRateLimitHeaders } from '../../limits/headers/rateLimit.ts';
import { parseRetryAfter } from '../../limits/headers/retryAfter.ts';
import { nextDelayMs } from '../../limits/pacing/backoff.ts';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import type { RefusalCause } from '../../limits/refusals/refusalRule.ts';

/** `tooLong`: the server asks for a longer wait than the caller's patience. */
export type RetryDecision =
  | { readonly kind: 'wait'; readonly delayMs: number }
  | { readonly kind: 'next-payer'; readonly reason: MoneyReason | 'forbidden'; readonly tooLong: boolean }
  | { readonly kind: 'pass-on'; readonly tooLong: boolean };

/** A refused try of a request, and the payer whose try it was. */
export interface RefusedTry {
  readonly status: number;
  readonly headers: HeaderBag;
  /** Undefined: the cause is unknown, or it is no limit. */
  readonly refusal?: Refusal;
  /** Waits so far with this payer. */
  readonly waits: number;
  /** The caller's remaining patience. */
  readonly patienceMs: number;
  /** The caller said how long it waits. */
  readonly isToldPatience: boolean;
  /** The request can be sent again. */
  readonly isRepeatable: boolean;
  /** The payer's money was at stake, not a token of the caller's own. */
  readonly isBilled: boolean;
  /** A partner behind the router answered. */
  readonly isPartners: boolean;
  readonly profile: BillingProfile;
  /** The profile stands in for the selected one. */
  readonly isStandIn: boolean;
  readonly now: number;
  readonly random: () => number;
}

/** Backoff takes about a minute by then. */
const maxWaits = 12;
const pacing = { baseMs: 500, capMs: 10_000 };
/** Placeholders settle in one to five minutes. */
const settling = { baseMs: 4_000, capMs: 30_000 };

/** Causes that pass by themselves, and soon. */
const passing: ReadonlySet<RefusalCause> = new Set(['rate', 'tokens', 'concurrency', 'capacity', 'unknown']);

/**
 * Statuses of limits: some providers use 400, 412 or 413, and 503 for a lack of capacity. For a stand-in also those of
 * a missing permission to bill.
 */
export function mayBeRefusal(status: number, isHub: boolean, isStandIn: boolean): boolean {
  if (status === 429 || status === 402 || status === 403) return true;
  if (status === 503 || status === 400 || status === 412 || status === 413) return !isHub;
  return status === 401 && isStandIn;
}

/** Pure: whether a refused request waits, goes to the next payer, or is passed on. */
export function decideRetry(refused: RefusedTry): RetryDecision {
  const delayMs = waitMs(refused);
  const tooLong = delayMs !== undefined && delayMs > refused.patienceMs;
  if (refused.isRepeatable && delayMs !== undefined && !tooLong) return { kind: 'wait', delayMs };
  const reason = nextPayerReason(refused);
  return reason === undefined ? { kind: 'pass-on', tooLong } : { kind: 'next-payer', reason, tooLong };
}

/** Law 3: only a 429, and a 402 for unsettled money. Undefined: waiting is of no use. */
function waitMs(refused: RefusedTry): number | undefined {
  const { status, headers, refusal, waits, patienceMs, isToldPatience, now, random } = refused;
  const cause = refusal?.cause ?? 'unknown';
  const isUnsettled = cause === 'unsettled';
  if (status !== 429 && !(status === 402 && isUnsettled)) return undefined;
  const limit = headerValue(headers, 'ratelimit');
  const policy = headerValue(headers, 'ratelimit-policy');
  const window = parseRateLimitHeaders(limit, policy, now).find(({ remaining }) => remaining === 0);
  const retryAt = refusal?.resetsAt ?? parseRetryAfter(headerValue(headers, 'retry-after'), now);
  const hasEnd = window?.resetsAt !== undefined || (retryAt !== undefined && retryAt > now);
  if (!isUnsettled && !passing.has(cause) && !(cause === 'quota' && hasEnd)) return undefined;
  if (waits >= maxWaits) return undefined;
  const delayMs = nextDelayMs({
    attempt: waits,
    window,
    retryAt,
    now,
    random,
    ...(isUnsettled ? settling : pacing),
  });
  // the short wait of such a caller ends with one more try
  return isUnsettled && !isToldPatience && !hasEnd && patienceMs > 0
    ? Math.min(delayMs, patienceMs)
    : delayMs;
}

function nextPayerReason(refused: RefusedTry): MoneyReason | 'forbidden' | undefined {
  if (!refused.isBilled) return undefined;
  const money = refused.refusal && moneyReason(refused.refusal, refused.profile, hasWaited(refused));
  if (money) return money;
  const isOfStandIn = refused.isStandIn && !refused.isPartners;
  return isOfStandIn && (refused.status === 401 || refused.status === 403) ? 'forbidden' : undefined;
}

function hasWaited({ waits, patienceMs, isToldPatience }: RefusedTry): boolean {
  return waits > 0 || (!isToldPatience && patienceMs <= 0);
}

/**
 * Why another payer's money would help: the payer's own is at its end. Not when Hugging Face has none at a provider.
 * @param waited an `unsettled` hold did not pass in time
 */
export function moneyReason(
  { cause, by, scope }: Refusal,
  profile: BillingProfile,
  waited: boolean,
): MoneyReason | undefined {
  if (cause !== 'credits' && cause !== 'spending-limit' && !(cause === 'unsettled' && waited))
    return undefined;
  const isOwn =
    profile.kind === 'provider-key'
      ? by === profile.provider
      : by === 'huggingface' && scope !== 'provider balance';
  if (!isOwn) return undefined;
  return cause === 'spending-limit' ? cause : 'credits';
}

/** huggingface_hub gives a call 10 s. */
const maxHubPatienceMs = 8_000;

/** 80 % of the time that the caller's SDK gives the request, where the SDK sends it. */
export function patienceMs(
  longestWaitMs: number,
  timeoutSeconds: number | undefined,
  isHub: boolean,
): number {
  const longest = isHub ? Math.min(longestWaitMs, maxHubPatienceMs) : longestWaitMs;
  return timeoutSeconds === undefined ? longest : Math.min(longest, timeoutSeconds * 800);
}
