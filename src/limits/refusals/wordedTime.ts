import { longestWindowMs } from '../bounds.ts';
import { resetAt } from '../headers/rateLimit.ts';
import { parseRetryAfter } from '../headers/retryAfter.ts';

/** Every unit begins with a letter of its own. */
const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const anyDuration = /(?:(\d+(?:\.\d+)?)\s*|\b)(secs?|seconds?|s|mins?|minutes?|m|hrs?|hours?|h|days?|d)\b/i;

/**
 * Seconds of the first duration in a text: `about 43 minutes`, `1 day`, `24 h`, `~30s`. A unit without a
 * number is one of it: `hour` (as in "128 per hour"), `less than a minute`. Undefined beyond 32 days.
 */
export function wordedSeconds(text: string): number | undefined {
  const match = anyDuration.exec(text);
  if (!match) return undefined;
  const seconds =
    Number(match[1] ?? 1) * (unitSeconds[match[2]?.charAt(0).toLowerCase() ?? ''] ?? Number.NaN);
  return seconds * 1000 <= longestWindowMs ? seconds : undefined;
}

const before = /(?<=\b(?:try again|retry|resets?)) (?:in|after):? ~?/i;
const clock = /^(\d{1,3}):(\d\d):(\d\d)\b/;
const compact = /^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+(?![\w.]*\d)/;
const worded =
  /^(?:about |approximately |less than )?(?:\d{1,6}(?:\.\d{1,20})?|an?|one) ?(?:s|sec|min|h|second|minute|hour|day)s?\b/i;

/**
 * The retry time in a text, epoch ms: `try again in 11.455s`, `retry in 0:09:48`, `resets in ~30s`, `Retry
 * after 55 seconds`. `anchor` matches right before the duration. Undefined without a duration, and for one of
 * nothing or of more than 32 days.
 */
export function wordedRetryAt(text: string, at: number, anchor = before): number | undefined {
  const begin = anchor.exec(text);
  if (!begin) return undefined;
  const rest = text.slice(begin.index + begin[0].length, begin.index + begin[0].length + 60);
  const [, hours, minutes, seconds] = clock.exec(rest) ?? [];
  if (hours !== undefined) {
    const left = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    return left > 0 ? resetAt(left * 1000, at) : undefined;
  }
  const short = compact.exec(rest)?.[0];
  if (short !== undefined) return parseRetryAfter(short, at);
  const long = worded.exec(rest)?.[0];
  const duration = long === undefined ? undefined : wordedSeconds(long);
  return duration === undefined ? undefined : resetAt(duration * 1000, at);
}
