import type { Route } from '../../billing/route.ts';
import type { RequestHead } from '../admission/requestHead.ts';

/**
 * The caller's headers and the route's.
 * @param sessionId for requests to Hugging Face without one
 * @param length of a streamed body
 */
export function outgoingHeaders(
  head: RequestHead,
  route: Route,
  sessionId: string | undefined,
  length: string | undefined,
): string[] {
  const headers = head.forwarded.slice();
  for (const name in route.headers) headers.push(name, route.headers[name] ?? '');
  if (sessionId !== undefined && !head.hasSession && !route.billedTo.startsWith('key:')) {
    headers.push('x-hf-session-id', sessionId);
  }
  if (length !== undefined) headers.push('content-length', length);
  return headers;
}
