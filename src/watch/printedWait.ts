import { wordedRetryAt } from '../limits/refusals/wordedTime.ts';

/** Up to the duration. `Retry after 42 seconds (977/1000 requests remaining …)` is a window, not a wait. */
const announced =
  /\b(?:(?:wait|sleep|paus)(?:ing|e)?(?: for| another| about)?|backing off\b.{0,160}? for|retrying\b.{0,160}? (?:in|after)|(?:will|next|enqueue) retry\b.{0,20}? (?:in|after)|next (?:try|attempt) in):?(?= ~?\d)[ ~]{1,2}/i;
/** openai, anthropic and huggingface_hub wait at most this long when the server named no time. */
const longestGuessMs = 8_000;

/**
 * When the library that printed a line asks again, epoch ms: `Rate limited. Waiting 253.0s before retry [Retry 1/5].`
 * Undefined for no wait, and for a short one that the library may have made up.
 */
export function printedWaitUntil(line: string, at: number): number | undefined {
  const until = wordedRetryAt(line, at, announced);
  if (until === undefined) return undefined;
  return until - at > longestGuessMs || /rate[ -]?limit(?:ed|ing)\b/i.test(line) ? until : undefined;
}
