import { classifyStreamError, type Refusal, type ResponseFacts } from '../../limits/refusals/refusal.ts';

const name = '"error"';

/**
 * The refusal at the end of a response with status 200; undefined for a good end, and for an error that is no limit.
 * A model's own words stand in strings, where each quote has a backslash before it.
 * @param text the end of the body
 */
export function streamRefusal(text: string, facts: Omit<ResponseFacts, 'bodyText'>): Refusal | undefined {
  const at = text.lastIndexOf(name);
  if (at < 0) return undefined;
  const end = text.indexOf('\n', at);
  const line = text.slice(text.lastIndexOf('\n', at) + 1, end < 0 ? undefined : end);
  return classifyStreamError(facts, line);
}
