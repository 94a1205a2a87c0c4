import type { GatewayTarget } from '../../billing/route.ts';
import { type GatewayError, malformedTarget, notAllowed, notServed, unframed } from '../errors.ts';
import type { RequestHead } from './requestHead.ts';

/** Why a request is not forwarded for any caller. @param target from `parseTarget` */
export function unsupportedRequest(
  method: string,
  target: GatewayTarget | undefined | 'malformed',
  head: RequestHead,
): GatewayError | undefined {
  if (target === 'malformed') return malformedTarget;
  if (method === 'TRACE' || method === 'CONNECT') return notAllowed;
  // Java's HTTP client offers h2c with every request, and goes on with HTTP/1.1
  if (head.upgrade !== undefined && head.upgrade.toLowerCase() !== 'h2c') return notAllowed;
  const { transferEncoding, contentLength } = head;
  if (transferEncoding !== undefined) {
    if (contentLength !== undefined || transferEncoding.toLowerCase() !== 'chunked') return unframed;
  }
  return target === undefined ? notServed : undefined;
}
