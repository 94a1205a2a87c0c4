import type { EndpointName } from '../limits/account/endpointChange.ts';
import type { RequestCount } from '../limits/account/endpointUse.ts';
import { mostMetricsBytes, mostReplicaChars } from '../limits/bounds.ts';
import { namespaceError } from './endpoints.ts';
import type { HubAccess } from './http.ts';
import { HubError } from './hubError.ts';
import { anyType, readText } from './responseBody.ts';
import { endpointsApi } from './servers.ts';

const timeoutMs = 10_000;

/**
 * `GET /v2/endpoint/{namespace}/{name}/open-metrics`: the requests that the endpoint's present replicas were sent.
 *
 * Source: https://huggingface.co/docs/inference-endpoints/guides/analytics, "OpenMetrics API" (beta, for Team and
 * Enterprise). The page shows `http_requests{replica_id="…",status_code="200"} 1152` as a counter. It does not say the
 * media type, how other plans are refused, or whether health checks count; if they do, no endpoint is ever idle.
 * @returns undefined: the answer has no such family, so the number is unknown
 * @throws HubError
 */
export async function requestCount(
  { http, servers, token, signal }: HubAccess,
  { namespace, name }: EndpointName,
): Promise<RequestCount | undefined> {
  const path = [namespace, name].map(encodeURIComponent).join('/');
  const url = `${endpointsApi(servers)}/endpoint/${path}/open-metrics`;
  const until = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
  try {
    const { body } = await http.openStream(url, { token, signal: until, accept: anyType, isProbe: true });
    const { text, overflow } = await readText(body, mostMetricsBytes);
    if (overflow) throw new HubError('too-large', `GET ${url} sent more than 1 MiB`);
    return parseRequestCount(text);
  } catch (error) {
    throw namespaceError(error);
  }
}

/** A sample's labels and value; a timestamp or an exemplar may follow. */
const sample =
  /^http_requests(?:_total)?(?:[ \t]*\{((?:[^"}\n]|"(?:[^"\\\n]|\\.)*")*)\}|(?=[ \t]))[ \t]*(\S+)/gm;
const family = /^# TYPE http_requests(?:_total)? /m;
const replicaLabel = /(?:^|,)[ \t]*replica_id="((?:[^"\\]|\\.)*)"/;

/** The family `http_requests` of an OpenMetrics text; without samples it is 0. Undefined: none, or an odd value. */
export function parseRequestCount(text: string): RequestCount | undefined {
  const replicas = new Set<string>();
  let requests: number | undefined;
  for (const [, labels = '', value] of text.matchAll(sample)) {
    const count = Number(value);
    if (!Number.isFinite(count) || count < 0) return undefined;
    requests = (requests ?? 0) + count;
    replicas.add(replicaLabel.exec(labels)?.[1] ?? '');
  }
  if (requests === undefined) return family.test(text) ? { requests: 0, replicas: '' } : undefined;
  return { requests, replicas: [...replicas].toSorted().join(' ').slice(0, mostReplicaChars) };
}
