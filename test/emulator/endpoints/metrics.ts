import { createHash } from 'node:crypto';
import type { Exchange } from '../http/exchange.ts';
import type { EndpointState } from '../state.ts';
import { readyReplicas } from './states.ts';

/** Ids of the replicas that run now, in the form of HF's documentation. Each start and update makes others. */
export function replicaIds(path: string, endpoint: EndpointState): string[] {
  return Array.from({ length: readyReplicas(endpoint) }, (_, index) => {
    const hash = createHash('sha1').update(`${path} ${endpoint.since} ${index}`).digest();
    const letters = Array.from(hash, byte => 'abcdefghijkmnpqrstuvwxyz23456789'[byte % 32]).join('');
    return `${letters.slice(0, 8)}-${letters.slice(8, 13)}`;
  });
}

/** Counts a request that a replica answers, in turn; the counts of replicas that ended are gone. */
export function countServed(path: string, endpoint: EndpointState, status: number): void {
  const ids = replicaIds(path, endpoint);
  const served = Object.fromEntries(ids.map(id => [id, { ...endpoint.served?.[id] }]));
  const total = Object.values(served)
    .flatMap(counts => Object.values(counts))
    .reduce((a, b) => a + b, 0);
  const counts = served[ids[total % ids.length] ?? ''];
  if (counts) counts[status] = (counts[status] ?? 0) + 1;
  endpoint.served = served;
}

/**
 * The OpenMetrics of https://huggingface.co/docs/inference-endpoints/guides/analytics, which needs Team or Enterprise.
 * Not documented, so assumed: the 403 for other accounts, the media type, and a family without samples for no request.
 */
export function openMetrics({ world, reply, params }: Exchange, endpoint: EndpointState) {
  const [namespace = '', name = ''] = params;
  if (!world.state.orgs[namespace]?.plan) return reply.error(403, 'Metrics need a Team or Enterprise plan');
  const samples = replicaIds(`${namespace}/${name}`, endpoint).flatMap(id =>
    Object.entries(endpoint.served?.[id] ?? {}).map(([status, count]) => ({ id, status, count })),
  );
  const total = samples.reduce((sum, { count }) => sum + count, 0);
  const lines = [
    '# HELP latency_distribution Latency distribution',
    '# TYPE latency_distribution summary',
    `latency_distribution{quantile="0.5"} ${total === 0 ? 'NaN' : '0.006339203'}`,
    `latency_distribution_count ${total}`,
    `latency_distribution_sum ${total * 0.01}`,
    '# HELP http_requests HTTP requests by code and replicas',
    '# TYPE http_requests counter',
    ...samples.map(
      ({ id, status, count }) => `http_requests{replica_id="${id}",status_code="${status}"} ${count}`,
    ),
    '# HELP cpu_usage_percent CPU percent',
    '# TYPE cpu_usage_percent gauge',
    '# UNIT cpu_usage_percent percent',
    '# EOF',
  ];
  const type = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
  reply.bytes(200, Buffer.from(`${lines.join('\n')}\n`), { 'content-type': type });
}
