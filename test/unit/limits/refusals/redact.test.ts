import assert from 'node:assert/strict';
import fc from 'fast-check';
import { redact } from '../../../../src/limits/refusals/redact.ts';

describe('redaction', () => {
  for (const secret of [
    ['hf', 'AbCdEfGhIjKlMnOpQrStUvWxYz01234567'].join('_'),
    'hf_oauth_eyJhbGciOi.abc-def',
    'gsk_0123456789abcdefghij',
    'sk-proj-abc_DEF-0123456789',
    'sk_0123456789abcdef',
    'csk-0123456789abcdef',
    'fw_0123456789abcdef',
    'r8_0123456789abcdef',
    'tgp_v1_0123456789abcdef',
    'Bearer secret-0123',
    'authorization: Key id0123:secret4567',
    '"Authorization": "Bearer abcdef0123"',
    'Cookie: token=abcdef0123; other=ghijkl4567',
    'set-cookie: session=abcdef0123',
    'api_key=abcdef0123',
    'x-api-key: abcdef0123',
    'https://ada:abcdef0123@example.org/x',
    'https://example.org/?token=abcdef0123',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdef0123',
  ]) {
    it(`leaves nothing of ${secret.slice(0, 14)}…`, () => {
      const words = redact(`Invalid ${secret} was given`);
      assert.doesNotMatch(words, /0123|abc-def|AbCdEf|4567/);
      assert.match(words, /^Invalid .*(?:\[redacted\]|…)/);
    });
  }

  it('keeps sentences readable', () => {
    for (const words of [
      "make sure you pass a HF_TOKEN if you're using the API.",
      'Invalid credentials in Authorization header',
      'Missing Bearer token',
      'Please try again in 11.455s. Limit 12000, Used 4437',
    ]) {
      assert.equal(redact(words), words);
    }
  });

  it('hides tokens anywhere in a text, and a second pass changes nothing', () => {
    const token = fc.stringMatching(/^[A-Za-z0-9]{20,40}$/).map(tail => `hf_${tail}`);
    fc.assert(
      fc.property(fc.string(), token, fc.string(), (before, secret, after) => {
        const words = redact(`${before}${secret} ${after}`);
        assert.ok(!words.includes(secret));
        assert.ok(!redact(words).includes(secret));
      }),
    );
  });
});
