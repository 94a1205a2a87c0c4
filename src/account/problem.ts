import { HubError, type HubErrorKind } from '../hub/hubError.ts';
import { messageOf } from '../limits/messageOf.ts';
import { nextDelayMs } from '../limits/pacing/backoff.ts';
import type { Problem } from './snapshot.ts';

const network: readonly HubErrorKind[] = [
  'dns',
  'tls',
  'unreachable',
  'timeout',
  'truncated',
  'not-json',
  'redirected',
];

/** No response came from Hugging Face itself: another network, or waking up, may help. */
export function isNetworkProblem(kind: HubErrorKind): boolean {
  return network.includes(kind);
}

/** Failures in a row that are retried at the pace of the backoff. */
const quickTries = 3;

/**
 * Another quick try won't help: it failed often, or only a person can do something about it. Siblings fail
 * together, and share the quick tries as they share the pace.
 */
export function isLasting({ kind, failures }: Problem, siblings: number): boolean {
  const mayEnd = isNetworkProblem(kind) || kind === 'server-error' || kind === 'rate-limited';
  return !mayEnd || failures * siblings > quickTries;
}

/** First and longest wait in ms. */
function patience(kind: HubErrorKind): { baseMs: number; capMs: number } {
  if (isNetworkProblem(kind) || kind === 'aborted') return { baseMs: 5_000, capMs: 300_000 };
  if (kind === 'server-error') return { baseMs: 30_000, capMs: 900_000 };
  if (kind === 'rate-limited') return { baseMs: 60_000, capMs: 3_600_000 };
  // A token, a permission or a format: only a person can change it, and then asks for a refresh.
  return { baseMs: 1_800_000, capMs: 3_600_000 };
}

/** HF reports the end of a window in whole seconds: one more is surely past it. */
const windowMarginMs = 1_000;

/** The problem of a failed call. Waits at least half the backoff: jitter never means at once. */
export function problemFrom(
  error: unknown,
  { previous, now, random }: { previous?: Problem; now: number; random: () => number },
): Problem {
  const hubError = error instanceof HubError ? error : new HubError('rejected', messageOf(error));
  const failures = (previous?.failures ?? 0) + 1;
  const { baseMs, capMs } = patience(hubError.kind);
  const { retryAt } = hubError.details;
  const delayMs = nextDelayMs({
    attempt: failures - 1,
    now,
    retryAt: retryAt === undefined ? undefined : retryAt + windowMarginMs,
    random: () => 0.5 + random() / 2,
    baseMs,
    capMs,
  });
  return {
    ...hubError.details,
    kind: hubError.kind,
    message: hubError.message,
    since: previous?.kind === hubError.kind ? previous.since : now,
    at: now,
    failures,
    nextTryAt: now + delayMs,
  };
}
