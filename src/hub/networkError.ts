import { messageOf } from '../limits/messageOf.ts';
import { redact } from '../limits/refusals/redact.ts';
import { HubError, type HubErrorKind } from './hubError.ts';

/** A request: its URL's origin and path. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly url: string;
}

/** The error of a failed connection or a broken body. */
export function networkError({ method, url }: Call, cause: unknown, bodyBegan: boolean): HubError {
  if (cause instanceof HubError) return cause;
  const code = codeOf(cause);
  const known = code && kinds.find(([codes]) => codes.test(code))?.[1];
  const kind = known || (bodyBegan ? 'truncated' : 'unreachable');
  const words = redact(messageOf(cause)).slice(0, 200);
  return new HubError(kind, `${method} ${url} failed: ${words || kind}`, { code }, { cause });
}

/** Codes of OpenSSL and of Node for certificates and TLS. */
export const certificateCodes =
  /^(CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|CRL_|EPROTO$|UND_ERR_PRX_TLS)/;

/** By code, as Node, OpenSSL (through Node) and undici name them. */
const kinds: readonly (readonly [RegExp, HubErrorKind])[] = [
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'dns'],
  [certificateCodes, 'tls'],
  [/^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/, 'timeout'],
  [/^UND_ERR_(DESTROYED|CLOSED)$/, 'aborted'],
];

/** The code of the error, of its cause (undici), or of one of several tries (IPv4 and IPv6). */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // undici wraps a proxy's failure; the cause says more.
  const ofCause = codeOf(error.cause);
  if (ofCause) return ofCause;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return error.errors.map(codeOf).find(Boolean);
  return undefined;
}
