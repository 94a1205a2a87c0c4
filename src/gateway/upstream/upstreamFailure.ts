import { certificateCodes, codeOf } from '../../hub/networkError.ts';
import { isOutOfDescriptors } from '../descriptors.ts';
import type { GatewayError } from '../errors.ts';

/** A request without a response, or with only the beginning of one. */
export interface UpstreamFailure {
  readonly error: GatewayError;
  /** `unsent`: nothing reached the server. `reset`: it may have. `other`: another try is of no use. */
  readonly kind: 'unsent' | 'reset' | 'other';
}

const unsent: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
]);
const connectTimeouts: ReadonlySet<string> = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);
const resets: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ECONNABORTED']);

/** Of llhttp, and of undici for heads beyond 16 KiB. */
const illegal = /^(?:HPE_|UND_ERR_HEADERS_OVERFLOW$)/;

/** @param what its status, or the parser's code */
export function illegalAnswer(origin: string, what: number | string): GatewayError {
  return {
    status: 502,
    code: 'upstream_failed',
    message: `${origin} sent an answer that HTTP does not allow (${what}). It may have done the work: send the request again only if that does no harm.`,
  };
}

/** @param sent a part of the request was written to a connection */
export function upstreamFailure(error: unknown, origin: string, sent: boolean): UpstreamFailure {
  const code = codeOf(error) ?? '';
  if (certificateCodes.test(code)) {
    return failure(
      502,
      'upstream_certificate',
      `The certificate of ${origin} can't be trusted (${code}). ${certificateAdvice(code)}`,
      'other',
    );
  }
  if (code === 'ERR_INVALID_PROXY') {
    return failure(
      502,
      'proxy_invalid',
      "The proxy's address is not a URL. Correct http.proxy in the settings of VS Code, or HTTPS_PROXY and HTTP_PROXY in the environment.",
      'other',
    );
  }
  const refusedBy = sent ? undefined : proxyStatus(error);
  if (refusedBy !== undefined) return refusedByProxy(refusedBy, origin);
  if (!sent && connectTimeouts.has(code)) {
    return failure(
      504,
      'upstream_timeout',
      `${origin} did not accept a connection in time (${code}). Check the network, then try again.`,
      'other',
    );
  }
  if (!sent && unsent.has(code)) {
    return failure(
      502,
      'upstream_unreachable',
      `${origin} can't be reached (${code}). Check the network and the proxy, then try again.`,
      'unsent',
    );
  }
  if (!sent && isOutOfDescriptors(error)) {
    return failure(
      503,
      'gateway_descriptors',
      `The gateway may open no more connections (${code}): the limit for open files is reached. Send fewer requests at once, or raise it with ulimit -n.`,
      'other',
    );
  }
  if (!sent) {
    return failure(
      502,
      'upstream_unreachable',
      `The request could not be sent to ${origin} (${code || 'unknown error'}). Check the network and the proxy, then try again.`,
      'other',
    );
  }
  if (illegal.test(code)) return { error: illegalAnswer(origin, code), kind: 'other' };
  return failure(
    502,
    'upstream_failed',
    `${origin} ended the connection without an answer (${code || 'unknown error'}). It may have done the work: send the request again only if that does no harm.`,
    resets.has(code) ? 'reset' : 'other',
  );
}

function certificateAdvice(code: string): string {
  if (/EXPIRED|NOT_YET_VALID/.test(code)) {
    return "Check this machine's clock; if that is right, the server has to get a new one.";
  }
  if (/ALTNAME|HOSTNAME_MISMATCH|UND_ERR_PRX_TLS/.test(code)) {
    return 'It is for another host: check the URL of the server, and whether a proxy or a network sign-in page answers in its place.';
  }
  if (/^(ERR_SSL_|EPROTO$)/.test(code)) {
    return 'No TLS was agreed on: check the URL of the server, and its port.';
  }
  return "Add your company's certificate authority to the system's or to NODE_EXTRA_CA_CERTS.";
}

function refusedByProxy(status: string, origin: string): UpstreamFailure {
  return failure(
    502,
    'proxy_refused',
    status === '407'
      ? `The proxy wants a user name and a password for requests to ${origin} (407). Write them into http.proxy or HTTPS_PROXY, as http://user:password@host:port; in VS Code http.proxyAuthorization does it, too.`
      : `The proxy does not let requests to ${origin} through (${status}). Ask those who run it, or name the host in http.noProxy or NO_PROXY if it can be reached without.`,
    'other',
  );
}

/** Status with which a proxy refused a tunnel; undici has it in words only. */
function proxyStatus(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return /^Proxy response \((\d{3})\)/.exec(error.message)?.[1] ?? proxyStatus(error.cause);
}

function failure(
  status: number,
  code: string,
  message: string,
  kind: UpstreamFailure['kind'],
): UpstreamFailure {
  return { error: { status, code, message }, kind };
}
