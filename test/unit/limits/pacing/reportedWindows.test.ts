import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseRateLimitHeaders } from '../../../../src/limits/headers/rateLimit.ts';
import { hubWindows } from '../../../../src/limits/pacing/reportedWindows.ts';

const numbers = fc.oneof(fc.nat(100_000).map(String), fc.constantFrom('', '-1', '1.5', '0x2', '1e3', ' 7'));
const buckets = fc.constantFrom(
  'api',
  'resolvers',
  'fixed window',
  'sliding window',
  'a"b',
  'a\\\\b',
  '',
  'é',
);

describe("Hugging Face's windows, as the gateway reads them", () => {
  it('are what the parser of any such header makes of them', () => {
    fc.assert(
      fc.property(buckets, buckets, numbers, numbers, numbers, fc.boolean(), (one, other, r, t, q, told) => {
        const headers = {
          ratelimit: `"${one}";r=${r};t=${t}`,
          ...(told && { 'ratelimit-policy': `"fixed window";"${other}";q=${q};w=300` }),
        };
        const expected = parseRateLimitHeaders(headers, 0).map(window => ({
          name: window.bucket,
          unit: 'requests',
          limit: window.limit,
          remaining: window.remaining,
          windowSeconds: window.windowSeconds,
          resetsInMs: window.resetsAt,
          resolutionMs: 1000,
        }));
        assert.deepEqual(hubWindows(headers), expected);
      }),
    );
  });

  it('of two answers with different policies are not mixed up', () => {
    const limit = '"api";r=3;t=42';
    const limits = [1000, 2500, 1000].map(
      q =>
        hubWindows({ ratelimit: limit, 'ratelimit-policy': `"fixed window";"api";q=${q};w=300` })[0]?.limit,
    );
    assert.deepEqual(limits, [1000, 2500, 1000]);
  });
});
