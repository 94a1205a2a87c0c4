import { redact } from '../limits/refusals/redact.ts';
import { HubError, type HubErrorKind } from './hubError.ts';

/** The error of a failed connection or a broken body. `url`: origin and path. */
export function networkError(url: string, cause: unknown, bodyBegan: boolean): HubError {
  if (cause instanceof HubError) return cause;
  const code = codeOf(cause);
  const kind = kindOf(code, bodyBegan);
  const words = redact(cause instanceof Error ? cause.message : String(cause)).slice(0, 200);
  return new HubError(kind, `GET ${url} failed: ${words || kind}`, { code }, { cause });
}

function kindOf(code: string | undefined, bodyBegan: boolean): HubErrorKind {
  if (code === undefined) return bodyBegan ? 'truncated' : 'unreachable';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns';
  if (tlsCode.test(code)) return 'tls';
  if (timeoutCodes.has(code)) return 'timeout';
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') return 'aborted';
  return bodyBegan ? 'truncated' : 'unreachable';
}

/** OpenSSL's codes as Node names them, and Node's own. */
const tlsCode =
  /^(CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|CRL_|EPROTO|UND_ERR_PRX_TLS)/;

const timeoutCodes: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

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
