import assert from 'node:assert/strict';
import { HubBuckets } from '../../../../src/limits/pacing/hubBuckets.ts';

describe('the bucket of a Hub request', () => {
  it('is the documented one', () => {
    const buckets = new HubBuckets();
    assert.equal(buckets.bucketOf('/api/models/openai/gpt-oss-20b'), 'api');
    assert.equal(buckets.bucketOf('/openai/gpt-oss-20b/resolve/main/config.json'), 'resolvers');
    assert.equal(buckets.bucketOf('/api/resolve-cache/models/a/b/c'), 'resolvers');
    assert.equal(buckets.bucketOf('/openai/gpt-oss-20b'), 'pages');
  });

  it('is the one that a response named for a request of the same kind', () => {
    const buckets = new HubBuckets();
    buckets.report('/api/whoami-v2', 'sensitive');
    assert.equal(buckets.bucketOf('/api/whoami-v2'), 'sensitive');
    assert.equal(buckets.bucketOf('/api/models'), 'api');
    buckets.report('/api/whoami-v2', 'api');
    assert.equal(buckets.bucketOf('/api/whoami-v2'), 'api');
  });

  it('is remembered for a bounded number of kinds', () => {
    const buckets = new HubBuckets();
    for (let index = 0; index < 1000; index += 1) buckets.report(`/api/kind${index}`, 'other');
    assert.equal(buckets.bucketOf('/api/kind999'), 'other');
    assert.equal(buckets.bucketOf('/api/kind0'), 'api');
  });
});
