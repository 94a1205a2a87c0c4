import type { RateWindow } from '../headers/rateLimit.ts';

export interface BackoffInput {
  /** 0 for the first retry. */
  readonly attempt: number;
  /** The window in the refusal's headers. It explains the refusal only when nothing remains in it. */
  readonly window?: RateWindow;
  /** Epoch ms, from `Retry-After`. */
  readonly retryAt?: number;
  readonly now: number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly baseMs: number;
  readonly capMs: number;
}

/** Resets are reported in whole seconds: one more is past the end. huggingface_hub waits as long. */
const windowMarginMs = 1000;
const mostDoublings = 30;

/**
 * Milliseconds until the next try: the end of a full window, else the time in `Retry-After`, else exponential
 * with full jitter. Only the last is capped: a server's own time is right.
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
