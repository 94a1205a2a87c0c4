import type { EndpointAction, EndpointName } from '../limits/account/endpointChange.ts';
import type { Endpoint } from '../limits/account/endpoints.ts';
import { namespaceError, parseEndpoint } from './endpoints.ts';
import type { HubAccess } from './http.ts';
import type { HubError } from './hubError.ts';
import { endpointsApi } from './servers.ts';

/** HF answers when it has taken the change, in seconds; the change itself takes minutes. */
const timeoutMs = 30_000;

/**
 * `POST /v2/endpoint/{namespace}/{name}/{action}`, once: after an error `mayHaveRun` says whether HF may have taken it.
 * @returns the endpoint as HF describes it now; undefined: HF took the change, and its description can't be read
 * @throws HubError `missing-permission` also for a 401 without rights or billing in the namespace
 */
export async function changeEndpoint(
  { http, servers, token, signal }: HubAccess,
  { namespace, name }: EndpointName,
  action: EndpointAction,
): Promise<Endpoint | undefined> {
  const path = [namespace, name].map(encodeURIComponent).join('/');
  let body: unknown;
  try {
    const request = { token, signal, timeoutMs };
    body = await http.postJson(`${endpointsApi(servers)}/endpoint/${path}/${action}`, request);
  } catch (error) {
    throw namespaceError(error);
  }
  return parseEndpoint(body, namespace);
}

/** Whether HF may have executed a request that failed so. */
export function mayHaveRun({ kind, details }: HubError): boolean {
  const { status, code = '' } = details;
  if (status !== undefined) return status < 300 || status >= 500;
  return kind !== 'dns' && kind !== 'tls' && kind !== 'invalid-token' && !neverSent.has(code);
}

/** Codes of connections that were never made. */
const neverSent: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_INVALID_PROXY',
]);
