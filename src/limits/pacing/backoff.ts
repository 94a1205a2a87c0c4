import type { RateWindow } from '../headers/rateLimit.ts';

export interface BackoffInput {
  /** 0 for the first retry. */
  readonly attempt: number;
  /** The window that the refusal told of. It is to blame only when nothing remains in it. */
  readonly window?: RateWindow;
  /** Epoch ms, from `Retry-After`. */
  readonly retryAt?: number;
  readonly now: number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly baseMs: number;
  readonly capMs: number;
}

/** A window is told in whole seconds: one more is surely past its end, as huggingface_hub does it. */
const windowMarginMs = 1000;
const mostDoublings = 30;

/**
 * Milliseconds until the next try: the end of a full window, else what `Retry-After` says, else exponential
 * with full jitter. Only the last is capped: a server that names a time knows better.
 */
export function nextDelayMs(input: BackoffInput): number {
  const { window, retryAt, now } = input;
  if (window?.remaining === 0 && window.resetsAt !== undefined) {
    return Math.max(0, window.resetsAt - now) + windowMarginMs;
  }
  if (retryAt !== undefined && retryAt > now) return retryAt - now;
  const doublings = Math.min(Math.max(0, input.attempt), mostDoublings);
  return Math.floor(input.random() * Math.min(input.capMs, input.baseMs * 2 ** doublings));
}
