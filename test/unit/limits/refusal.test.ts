import assert from 'node:assert/strict';
import fc from 'fast-check';
import { refusalRules } from '../../../src/limits/refusalRules.ts';
import { json, see, windowHeaders } from './refusalCases/refusalCase.ts';

describe('A refusal', () => {
  it('carries who was billed, the model and where it was seen', () => {
    const refusal = see({ billedTo: 'acme', model: 'acme/Model-7B', source: 'gateway' });
    assert.equal(refusal?.billedTo, 'acme');
    assert.equal(refusal?.model, 'acme/Model-7B');
    assert.equal(refusal?.source, 'gateway');
  });

  it("keeps at most 500 characters of the server's words, without tokens", () => {
    const token = ['hf', 'AbCdEfGhIjKlMnOpQrStUvWxYz01234567'].join('_');
    const refusal = see({ bodyText: `${'x '.repeat(240)}${token} ${'y'.repeat(10_000)}` });
    assert.ok(refusal && refusal.message.length <= 500);
    assert.doesNotMatch(refusal.message, /AbCd/);
  });

  it('names nobody as to blame for a window in which something remains', () => {
    const refusal = see({ headers: windowHeaders(977), bodyText: 'Too Many Requests' });
    assert.equal(refusal?.cause, 'unknown');
    assert.equal(refusal?.resetsAt, undefined);
  });

  it('never throws and never resets at a time that nobody told', () => {
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.string().map(json),
      fc.string().map(text => `<p>${text}`),
    );
    const status = fc.constantFrom(200, 400, 402, 403, 413, 429, 503, 529);
    fc.assert(
      fc.property(status, body, fc.string(), fc.string(), (status, bodyText, url, limit) => {
        const refusal = see({
          status,
          bodyText,
          url,
          headers: { ratelimit: limit, 'x-error-message': limit },
        });
        if (refusal?.resetsAt !== undefined) assert.match(`${bodyText}${limit}`, /\d/);
      }),
    );
  });

  it('is read in a blink from the worst of bodies', () => {
    for (const bodyText of [
      '<head'.repeat(50_000),
      '"'.repeat(100_000),
      `{"error":"${'on a '.repeat(50_000)}"}`,
    ]) {
      const begin = performance.now();
      see({ bodyText });
      assert.ok(performance.now() - begin < 500);
    }
  });
});

describe('The rules of refusals', () => {
  it('each have a name of their own and a status', () => {
    const names = refusalRules.map(rule => rule.name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(refusalRules.every(rule => rule.statuses.length > 0));
  });
});
