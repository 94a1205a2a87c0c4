import assert from 'node:assert/strict';
import type { Refusal } from '../../../../src/limits/refusals/refusal.ts';
import { remediesFor } from '../../../../src/limits/refusals/remedy.ts';

const at = Date.UTC(2026, 9, 14, 9, 30);
const refusal = (change: Partial<Refusal>): Refusal => ({
  at,
  status: 429,
  cause: 'rate',
  by: 'huggingface',
  source: 'headroom',
  message: '',
  ...change,
});
const kinds = (change: Partial<Refusal>) => remediesFor(refusal(change)).map(remedy => remedy.kind);

describe('What helps', () => {
  it('against a full window is to wait until it opens', () => {
    assert.deepEqual(remediesFor(refusal({ resetsAt: at + 1 }))[0], { kind: 'wait', until: at + 1 });
  });

  it('against an anonymous limit is a token, first of all', () => {
    assert.equal(kinds({ scope: 'anonymous' })[0], 'use-token');
  });

  it('against whoami is only patience: a better plan does not', () => {
    assert.deepEqual(kinds({ scope: 'whoami-v2' }), ['wait']);
  });

  it('against empty credits is to buy some or to bill another', () => {
    assert.deepEqual(kinds({ status: 402, cause: 'credits' }), ['open', 'switch-billing']);
  });

  it("against a provider that can't be billed is never to buy credits", () => {
    const cause = { status: 402, cause: 'quota', by: 'fal-ai', scope: 'pay-as-you-go' } as const;
    assert.deepEqual(remediesFor(refusal(cause)), [
      { kind: 'choose-provider' },
      { kind: 'use-provider-key', provider: 'fal-ai' },
    ]);
  });

  it('against too many at once is fewer at once', () => {
    assert.equal(kinds({ cause: 'concurrency' })[0], 'lower-concurrency');
  });

  it('is not made up when nothing is known', () => {
    assert.deepEqual(kinds({ cause: 'unknown', by: 'unknown' }), []);
    assert.deepEqual(kinds({ cause: 'unknown', resetsAt: at }), ['wait']);
  });

  it('opens pages of Hugging Face only', () => {
    for (const cause of ['rate', 'credits', 'quota'] as const) {
      for (const remedy of remediesFor(
        refusal({ cause, scope: 'ZeroGPU', message: 'see https://evil.example' }),
      )) {
        if (remedy.kind === 'open') assert.equal(new URL(remedy.url).host, 'huggingface.co');
      }
    }
  });
});
