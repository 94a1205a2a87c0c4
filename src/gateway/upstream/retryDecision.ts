import { type HeaderBag, headerValue } from '../../limits/headers/headers.ts';
import { parseRateLimitHeaders } from '../../limits/headers/rateLimit.ts';
import { parseRetryAfter } from '../../limits/headers/retryAfter.ts';
import { nextDelayMs } from '../../limits/pacing/backoff.ts';
import type { Refusal, RefusalCause } from '../../limits/refusals/refusal.ts';

/** What to do with a refusal: hand it on, or ask again after a while. */
export type NextStep =
  /** `tooLong`: the wait that it asks for is longer than the caller's patience. */
  { readonly kind: 'pass'; readonly tooLong: boolean } | { readonly kind: 'wait'; readonly delayMs: number };

export interface Refused {
  readonly status: number;
  readonly headers: HeaderBag;
  /** Undefined: a 429 of which nothing more is known. */
  readonly refusal?: Refusal;
  /** 0 for the first one. */
  readonly attempt: number;
  /** What is left of the caller's patience. */
  readonly patienceMs: number;
  readonly now: number;
  readonly random: () => number;
}

/** Enough for a minute of backoff; whoever is still refused then is told. */
const mostAttempts = 12;
const pacing = { baseMs: 500, capMs: 10_000 };
/** Placeholders settle in one to five minutes. */
const settling = { baseMs: 4_000, capMs: 30_000 };

/** These pass by themselves, and soon. */
const passing: ReadonlySet<RefusalCause> = new Set(['rate', 'tokens', 'concurrency', 'capacity', 'unknown']);

/** How long a request that declined nothing but time is held back (law 3: only a 429, and a 402 for unsettled money). */
export function afterRefusal(refused: Refused): NextStep {
  const { status, refusal, headers, now } = refused;
  const cause = refusal?.cause ?? 'unknown';
  const unsettled = cause === 'unsettled';
  if (status !== 429 && !(status === 402 && unsettled)) return { kind: 'pass', tooLong: false };
  const full = parseRateLimitHeaders(headers, now).find(window => window.remaining === 0);
  const retryAt = refusal?.resetsAt ?? parseRetryAfter(headerValue(headers, 'retry-after'), now);
  const told = full?.resetsAt !== undefined || (retryAt !== undefined && retryAt > now);
  if (!unsettled && !passing.has(cause) && !(cause === 'quota' && told))
    return { kind: 'pass', tooLong: false };
  if (refused.attempt >= mostAttempts) return { kind: 'pass', tooLong: false };
  const delayMs = nextDelayMs({
    attempt: refused.attempt,
    window: full,
    retryAt,
    now,
    random: refused.random,
    ...(unsettled ? settling : pacing),
  });
  return delayMs <= refused.patienceMs ? { kind: 'wait', delayMs } : { kind: 'pass', tooLong: true };
}

/** How long the caller waits with us: most of the time that its SDK gives the request, if it says so. */
export function patienceMs(
  longestWaitMs: number,
  timeoutSeconds: number | undefined,
  isHub: boolean,
): number {
  const longest = isHub ? Math.min(longestWaitMs, hubPatienceMs) : longestWaitMs;
  return timeoutSeconds === undefined ? longest : Math.min(longest, timeoutSeconds * 800);
}

/** huggingface_hub gives a call 10 s. */
const hubPatienceMs = 8_000;

/** What a refusal that is handed on tells the caller beyond the upstream's own headers. */
export function refusalHeaders(
  refusal: Refusal | undefined,
  billedTo: string,
  headers: HeaderBag,
  tooLong: boolean,
  now: number,
): string[] {
  const added = ['x-headroom-billed-to', billedTo];
  if (refusal === undefined) return added;
  added.push('x-headroom-cause', refusal.cause);
  if (refusal.resetsAt !== undefined) {
    added.push('x-headroom-resets-at', new Date(refusal.resetsAt).toISOString());
    if (headerValue(headers, 'retry-after') === undefined) {
      added.push('retry-after', String(Math.max(0, Math.ceil((refusal.resetsAt - now) / 1000))));
    }
  }
  if (tooLong && headerValue(headers, 'x-should-retry') === undefined) added.push('x-should-retry', 'false');
  return added;
}
