import assert from 'node:assert/strict';
import { estimateTokens } from '../../../../src/limits/requests/tokenEstimate.ts';

describe('the estimated tokens of a request', () => {
  const prompt = 'x'.repeat(400);

  for (const [name, body, expected] of [
    ['are a fourth of its bytes, and a usual answer', prompt, 100 + 256],
    ['of nothing are a usual answer', '', 256],
    ['have the bound of its answer', `${'x'.repeat(382)}"max_tokens": 1000`, 100 + 1000],
    ['have the bound in its newer name', '{"max_completion_tokens":0}', 7],
    ['have the bound in the name that responses use', '{"max_output_tokens" :12 }', 7 + 12],
    ['are not bound by words of the prompt', '{"content":"\\"max_tokens\\": 9"}', 8 + 256],
    ['are not bound by what is no number', '{"max_tokens": null}', 5 + 256],
    ['are a number however large the bound is', '{"max_tokens":99999999999999999999}', 9 + 999_999_999],
  ] as const) {
    it(name, () => assert.equal(estimateTokens(body), expected));
  }

  it('take no longer for a body without a bound', () => {
    const hostile = '"max_tokens"'.repeat(10_000) + ' '.repeat(20_000);
    const before = performance.now();
    estimateTokens(hostile);
    assert.ok(performance.now() - before < 200);
  });
});
