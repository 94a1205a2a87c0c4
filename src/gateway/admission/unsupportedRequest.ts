import type { GatewayTarget } from '../../billing/route.ts';
import { type GatewayError, malformedTarget, notAllowed, notServed, unframed } from '../errors.ts';
import type { RequestHead } from './requestHead.ts';

/** Why a request is not forwarded whoever sent it. @param target as `parseTarget` has it */
export function misfit(
  method: string,
  target: GatewayTarget | undefined | 'malformed',
  head: RequestHead,
): GatewayError | undefined {
  if (target === 'malformed') return malformedTarget;
  if (method === 'TRACE' || method === 'CONNECT') return notAllowed;
  // Java's client offers h2c with every request and goes on with HTTP/1.1 when that is ignored
  if (head.upgrade !== undefined && head.upgrade.toLowerCase() !== 'h2c') return notAllowed;
  if (head.transferEncoding !== undefined && head.contentLength !== undefined) return unframed;
  if (head.transferEncoding !== undefined && head.transferEncoding.toLowerCase() !== 'chunked') {
    return unframed;
  }
  return target === undefined ? notServed : undefined;
}
