import { HubError, type HubErrorKind } from '../hub/hubError.ts';
import { nextDelayMs } from '../limits/backoff.ts';
import type { Problem } from './snapshot.ts';

const NETWORK: readonly HubErrorKind[] = [
  'dns',
  'tls',
  'unreachable',
  'timeout',
  'truncated',
  'not-json',
  'redirected',
];

/** No answer came from Hugging Face itself: another network, or waking up, may mend it. */
export function isNetworkProblem(kind: HubErrorKind): boolean {
  return NETWORK.includes(kind);
}

/** First wait and longest wait in ms, by what could have changed meanwhile. */
function patience(kind: HubErrorKind): { baseMs: number; capMs: number } {
  if (isNetworkProblem(kind) || kind === 'aborted') return { baseMs: 5_000, capMs: 300_000 };
  if (kind === 'server-error') return { baseMs: 30_000, capMs: 900_000 };
  if (kind === 'rate-limited') return { baseMs: 60_000, capMs: 3_600_000 };
  // a token, a permission, a format: nothing mends it but a person, who then asks for a refresh
  return { baseMs: 1_800_000, capMs: 3_600_000 };
}

/** What a failed call leaves in the ledger. Waits at least half the backoff, so that jitter never means at once. */
export function problemFrom(
  error: unknown,
  { previous, now, random }: { previous?: Problem; now: number; random: () => number },
): Problem {
  const hubError =
    error instanceof HubError
      ? error
      : new HubError('rejected', error instanceof Error ? error.message : String(error));
  const failures = (previous?.failures ?? 0) + 1;
  const { baseMs, capMs } = patience(hubError.kind);
  const delayMs = nextDelayMs({
    attempt: failures - 1,
    now,
    retryAt: hubError.details.retryAt,
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
