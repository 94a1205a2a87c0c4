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

describe('remedies', () => {
  it('for a full window: wait until it opens', () => {
    assert.deepEqual(remediesFor(refusal({ resetsAt: at + 1 }))[0], { kind: 'wait', until: at + 1 });
  });

  it('for an anonymous limit: a token first', () => {
    assert.equal(kinds({ scope: 'anonymous' })[0], 'use-token');
  });

  it('for whoami: only waiting, no plan', () => {
    assert.deepEqual(kinds({ scope: 'whoami-v2' }), ['wait']);
  });

  it('for used-up credits: buy some or switch billing', () => {
    assert.deepEqual(kinds({ status: 402, cause: 'credits' }), ['open', 'switch-billing']);
  });

  it("for a provider that can't be billed: never to buy credits", () => {
    const cause = { status: 402, cause: 'quota', by: 'fal-ai', scope: 'pay-as-you-go' } as const;
    assert.deepEqual(remediesFor(refusal(cause)), [
      { kind: 'choose-provider' },
      { kind: 'use-provider-key', provider: 'fal-ai' },
    ]);
  });

  it('for too many requests at once: fewer at once', () => {
    assert.equal(kinds({ cause: 'concurrency' })[0], 'lower-concurrency');
  });

  it('for an unknown cause without a time: none', () => {
    assert.deepEqual(kinds({ cause: 'unknown', by: 'unknown' }), []);
    assert.deepEqual(kinds({ cause: 'unknown', resetsAt: at }), ['wait']);
  });

  it('open only pages of Hugging Face', () => {
    for (const cause of ['rate', 'credits', 'quota'] as const) {
      for (const remedy of remediesFor(
        refusal({ cause, scope: 'ZeroGPU', message: 'see https://evil.example' }),
      )) {
        if (remedy.kind === 'open') assert.equal(new URL(remedy.url).host, 'huggingface.co');
      }
    }
  });
});
