import assert from 'node:assert/strict';
import fc from 'fast-check';
import { keptHeaders } from '../../../../src/limits/refusals/keptHeaders.ts';
import { see, windowHeaders } from './refusalCases/refusalCase.ts';

describe('the kept headers of a refusal', () => {
  it('are those of limits, the provider and the request id, by lower-case name', () => {
    const reported = {
      RateLimit: '"api";r=0;t=42',
      'Retry-After': '7',
      'x-ratelimit-remaining-tokens': '0',
      'x-error-message': 'full',
      'X-Request-Id': 'Root=1-68',
      'x-inference-provider': 'groq',
      'set-cookie': 'session=1',
      authorization: 'Bearer abcdefghij',
      'content-type': 'text/html',
    };
    const kept = {
      ratelimit: '"api";r=0;t=42',
      'retry-after': '7',
      'x-ratelimit-remaining-tokens': '0',
      'x-error-message': 'full',
      'x-request-id': 'Root=1-68',
      'x-inference-provider': 'groq',
    };
    assert.deepEqual(keptHeaders(reported), kept);
    assert.deepEqual(keptHeaders(new Headers(reported)), kept);
    const map = new Map(Object.entries(reported).map(([name, value]) => [name.toLowerCase(), value]));
    assert.deepEqual(keptHeaders(map), kept);
  });

  it('are part of the refusal', () => {
    assert.deepEqual(see({ headers: windowHeaders(0), source: 'gateway' })?.headers, windowHeaders(0));
    assert.equal(see({ headers: { date: 'today' } })?.headers, undefined);
  });

  it('are none for printed refusals: no server sent them', () => {
    for (const source of ['terminal', 'debug-console', 'notebook'] as const) {
      const headers = { ratelimit: '"api";r=0;t=42' };
      assert.equal(see({ status: 429, headers, source })?.headers, undefined, source);
    }
  });

  it('hold no secret', () => {
    const kept = keptHeaders({ 'x-error-message': 'the token hf_abcdefghijklmnop is not known' });
    assert.deepEqual(kept, { 'x-error-message': 'the token hf_[redacted] is not known' });
  });

  it('hold the ids of requests as support needs them, and no key in their place', () => {
    const hub = 'Root=1-690a1b2c-0123456789abcdef01234567;0195e29b-7f3a-7c11-b5d4-5a6f7e8d9c0b';
    for (const id of [
      hub,
      'Root=1-68',
      'req_011CSHoEeqs5C35K2UUqR7Fy',
      '0195e29b-7f3a-7c11-b5d4-5a6f7e8d9c0b',
    ]) {
      assert.deepEqual(keptHeaders({ 'x-request-id': id }), { 'x-request-id': id });
    }
    const key = 'Zk3vQ9xT7bLw2RfYc8NdHs5JgPaE1uMi';
    assert.deepEqual(keptHeaders({ 'x-request-id': key }), { 'x-request-id': '[redacted]' });
  });

  it('have names of known words, and providers with an id', () => {
    const key = 'zk3vq9xt7blw2rfyc8ndhs5jgpae1umi';
    for (const headers of [
      { [`x-ratelimit-${key}`]: '1' },
      { 'x-inference-provider': key },
      { 'x-inference-provider': 'a provider' },
    ]) {
      assert.equal(keptHeaders(headers), undefined);
    }
    assert.deepEqual(keptHeaders({ ratelimit: `"${key}";r=0` }), { ratelimit: '"[redacted]";r=0' });
  });

  it('are never more than 2 KiB', () => {
    const names = fc.oneof(
      fc.constantFrom('RateLimit', 'retry-after'),
      fc.string().map(end => `x-ratelimit-${end}`),
    );
    const values = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(fc.dictionary(names, values, { maxKeys: 14 }), headers => {
        const kept = keptHeaders(headers);
        assert.ok(Buffer.byteLength(JSON.stringify(kept ?? {})) <= 2048);
        assert.deepEqual(keptHeaders(kept ?? {}), kept);
      }),
      { numRuns: 50 },
    );
  });
});
