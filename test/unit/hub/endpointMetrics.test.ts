import assert from 'node:assert/strict';
import { parseRequestCount } from '../../../src/hub/endpointMetrics.ts';
import { mostReplicaChars } from '../../../src/limits/bounds.ts';

/** From https://huggingface.co/docs/inference-endpoints/guides/analytics, shortened. */
const documented = `# HELP latency_distribution Latency distribution
# TYPE latency_distribution summary
latency_distribution{quantile="0.5"} 0.006339203
latency_distribution_count 4
latency_distribution_sum 0.042048857
# HELP http_requests HTTP requests by code and replicas
# TYPE http_requests counter
http_requests{replica_id="fqwg7eri-hskoj",status_code="200"} 1152
http_requests{replica_id="q9cv26ut-3vo4s",status_code="200"} 1
# HELP cpu_usage_percent CPU percent
# TYPE cpu_usage_percent gauge
# UNIT cpu_usage_percent percent
cpu_usage_percent{replica_id="fqwg7eri-hskoj"} 0.8
`;

describe('an endpoint’s request count', () => {
  it('is the sum over replicas and statuses of the documented answer', () => {
    assert.deepEqual(parseRequestCount(documented), {
      requests: 1153,
      replicas: 'fqwg7eri-hskoj q9cv26ut-3vo4s',
    });
    const failed = `${documented}http_requests{status_code="500",replica_id="q9cv26ut-3vo4s"} 2\n`;
    assert.equal(parseRequestCount(failed)?.requests, 1155);
  });

  it('is unknown, never 0, where the answer has no such family', () => {
    for (const text of [
      '',
      '# EOF\n',
      '<!DOCTYPE html><title>Sign in</title>',
      documented.replaceAll('http_requests', 'http_requests_in_flight'),
      '# HELP http_requests HTTP requests\n',
      'http_requests_created{replica_id="a"} 1609954636\n',
    ]) {
      assert.equal(parseRequestCount(text), undefined, text);
    }
  });

  it('is 0 for a family without samples', () => {
    const none = '# TYPE http_requests counter\n# TYPE cpu_usage_percent gauge\n# EOF\n';
    assert.deepEqual(parseRequestCount(none), { requests: 0, replicas: '' });
  });

  it('has OpenMetrics’ suffix, a timestamp, an exemplar, or no labels', () => {
    for (const line of [
      'http_requests_total{replica_id="a",status_code="200"} 7',
      'http_requests{replica_id="a"} 7 1609954636.123',
      'http_requests_total{replica_id="a"} 7 # {trace_id="9 {}"} 1.0 1609954636',
      'http_requests{path="a}\\" 9 {",replica_id="a"} 7.0\r',
      'http_requests{replica_id="a"}\t+7e0',
    ]) {
      assert.deepEqual(parseRequestCount(`${line}\n`), { requests: 7, replicas: 'a' }, line);
    }
    assert.deepEqual(parseRequestCount('http_requests 7'), { requests: 7, replicas: '' });
  });

  it('is unknown when a value is no count', () => {
    for (const value of ['NaN', '-1', '+Inf', 'many']) {
      assert.equal(parseRequestCount(`${documented}http_requests{replica_id="a"} ${value}\n`), undefined);
    }
  });

  it('reads a MiB of a hostile server’s text in a moment', () => {
    for (const text of ['http_requests{a="\\', 'http_requests{"', 'http_requests \n', 'http_requests{a="b"'])
      parseRequestCount(text.repeat(60_000));
    for (const gap of [' ', '\t', '{']) parseRequestCount(`http_requests${gap.repeat(1_000_000)}\n`);
    const many = Array.from({ length: 9_999 }, (_, id) => `http_requests{replica_id="r${id}"} 1`).join('\n');
    const { requests, replicas = '' } = parseRequestCount(many) ?? {};
    assert.deepEqual([requests, replicas.length], [9_999, mostReplicaChars]);
  }).timeout(2_000);
});
