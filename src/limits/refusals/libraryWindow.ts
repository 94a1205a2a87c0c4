import type { RateWindow } from '../headers/rateLimit.ts';

const words =
  /reached your '([\w-]{1,40})' rate limit\.\s?Retry after (\d{1,9}) seconds?(?: \((\d{1,9})\/(\d{1,9}) requests remaining in current (\d{1,9})s window\))?/;

/**
 * The `RateLimit` header of a 429 as `huggingface_hub` prints it from 1.2 on (`utils/_http.py`). It does so for
 * every 429, also for those of an action limit: only a window of which nothing remains is to blame.
 */
export function libraryWindow(text: string, at: number): RateWindow | undefined {
  if (!text.includes("' rate limit.")) return undefined;
  const [, bucket, seconds, remaining, limit, windowSeconds] = words.exec(text) ?? [];
  if (bucket === undefined) return undefined;
  return {
    bucket,
    ...(remaining !== undefined && { remaining: Number(remaining) }),
    ...(limit !== undefined && { limit: Number(limit) }),
    ...(windowSeconds !== undefined && { windowSeconds: Number(windowSeconds) }),
    resetsAt: at + Number(seconds) * 1000,
    asOf: at,
    source: 'header',
  };
}
