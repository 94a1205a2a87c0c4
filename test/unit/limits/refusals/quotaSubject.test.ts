import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatQuota, parseQuota, quotaOf } from '../../../../src/limits/refusals/quotaSubject.ts';
import { creditsRefusal, hubRefusal, refusal } from '../../view/builders.ts';

const quota = (scope: string) =>
  refusal({ cause: 'quota', by: 'huggingface', scope, model: undefined, limit: undefined });

describe('a limit of which one can ask for more', () => {
  it('is that of a refusal', () => {
    assert.deepEqual(quotaOf(quota('ZeroGPU')), { kind: 'zero-gpu' });
    assert.deepEqual(quotaOf(quota('Inference Endpoints')), { kind: 'endpoints' });
    assert.deepEqual(quotaOf(quota('Space hardware')), { kind: 'space-hardware' });
    assert.deepEqual(quotaOf(quota('private storage')), { kind: 'storage', of: 'private storage' });
    assert.deepEqual(quotaOf(hubRefusal(0)), { kind: 'hub-window', of: 'api' });
  });

  it('is none where nobody grants more: money, providers, anonymous requests', () => {
    assert.equal(quotaOf(creditsRefusal()), undefined);
    assert.equal(quotaOf(refusal()), undefined);
    assert.equal(quotaOf(hubRefusal(0, { scope: 'anonymous' })), undefined);
    assert.equal(quotaOf(quota('pay-as-you-go')), undefined);
    assert.equal(quotaOf(quota('ZeroGPU duration')), undefined);
  });

  it('goes through a link, whatever its names', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (of, id) => {
        const subject = { kind: 'endpoint-hardware', of, id } as const;
        assert.deepEqual(parseQuota(formatQuota(subject)), subject);
      }),
    );
  });

  it('is none in another text, which any extension may send', () => {
    for (const text of ['', 'money', 'zero-gpu/a/b/c', '%E0%A4%A', 'endpoints-x']) {
      assert.equal(parseQuota(text), undefined, text);
    }
  });
});
