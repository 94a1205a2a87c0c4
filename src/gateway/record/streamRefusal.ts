import { classifyStreamError, type Refusal, type ResponseFacts } from '../../limits/refusals/refusal.ts';

const name = '"error"';

/**
 * The refusal that ends a stream which began as a success, or that a success of one JSON is; undefined when it ends
 * well, or with an error that is no limit. A model's own words are inside of strings, where every quote has a backslash
 * before it.
 * @param text the end of the body
 */
export function streamRefusal(text: string, facts: Omit<ResponseFacts, 'bodyText'>): Refusal | undefined {
  const at = text.lastIndexOf(name);
  if (at < 0) return undefined;
  const end = text.indexOf('\n', at);
  const line = text.slice(text.lastIndexOf('\n', at) + 1, end < 0 ? undefined : end);
  return classifyStreamError(facts, line);
}
