import { parseRetryAfter, resetAt } from '../headers/retryAfter.ts';
import { wordedSeconds } from './wordedDuration.ts';

const before = /(?<=\b(?:try again|retry|resets?)) (?:in|after):? ~?/i;
const clock = /^(\d{1,3}):(\d\d):(\d\d)\b/;
const compact = /^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+(?![\w.]*\d)/;
const worded =
  /^(?:about |approximately |less than )?(?:\d{1,6}|an?|one) ?(?:s|sec|min|h|second|minute|hour|day)s?\b/i;

/**
 * When a text says to come back, in epoch ms: `try again in 11.455s`, `retry in 0:09:48`, `resets in ~30s`,
 * `Retry after 55 seconds`. `anchor`: what stands right before the length of time. Undefined when it names no length of time, or none that is left.
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
  const length = long === undefined ? undefined : wordedSeconds(long);
  return length === undefined ? undefined : resetAt(length * 1000, at);
}
