import assert from 'node:assert/strict';
import { type ResponseHead, responseError } from '../../../src/hub/responseError.ts';

const at = Date.UTC(2026, 9, 14, 9, 30);

function head(status: number, headers: Record<string, string> = {}, rest: Partial<ResponseHead> = {}) {
  return {
    at,
    url: 'https://huggingface.co/api/x',
    status,
    headers: { 'content-type': 'application/json', ...headers },
    ...rest,
  };
}

describe('error of a response', () => {
  const kinds: [number, string][] = [
    [301, 'redirected'],
    [400, 'rejected'],
    [401, 'invalid-token'],
    [402, 'payment-required'],
    [403, 'missing-permission'],
    [404, 'not-found'],
    [418, 'rejected'],
    [429, 'rate-limited'],
    [500, 'server-error'],
    [504, 'server-error'],
  ];
  for (const [status, kind] of kinds) {
    it(`with status ${status} is ${kind}`, () => {
      const error = responseError(head(status), '{"error":"No."}');
      assert.equal(error.kind, kind);
      assert.equal(error.details.status, status);
      assert.equal(error.details.words, 'No.');
    });
  }

  const bodies: [string, string | undefined][] = [
    ['{"error":"plain"}', 'plain'],
    ['{"error":{"message":"nested"}}', 'nested'],
    ['{"detail":"detail"}', 'detail'],
    ['{"message":"message"}', 'message'],
    ['{"error":{"code":5}}', 'from the header'],
    ['[1]', 'from the header'],
    ['null', 'from the header'],
    ['<html>', 'from the header'],
    ['', 'from the header'],
  ];
  for (const [body, words] of bodies) {
    it(`has the words of ${body || 'an empty body'}`, () => {
      assert.equal(
        responseError(head(400, { 'x-error-message': 'from the header' }), body).details.words,
        words,
      );
    });
  }

  it('has a plain text as words, and no words of a page', () => {
    assert.equal(
      responseError(head(401, { 'content-type': 'text/plain' }), 'UNAUTHORIZED').details.words,
      'UNAUTHORIZED',
    );
    assert.equal(
      responseError(head(500, { 'content-type': 'text/html' }), '<h1>500</h1>').details.words,
      undefined,
    );
  });

  it('has at most 500 characters of words, without secrets', () => {
    const error = responseError(
      head(400),
      JSON.stringify({ error: `hf_abcdefghijklmnop ${'x'.repeat(600)}` }),
    );
    assert.equal(error.details.words?.length, 500);
    assert.ok(!error.message.includes('hf_abcdefghijklmnop'));
  });

  it('is not-json for the page of a captive portal, not invalid-token', () => {
    const page = { 'content-type': 'text/html; charset=utf-8' };
    for (const status of [401, 403, 404])
      assert.equal(responseError(head(status, page), '<h1>').kind, 'not-json');
    assert.equal(
      responseError(head(403, { ...page, 'x-request-id': 'r' }), '<h1>').kind,
      'missing-permission',
    );
    assert.equal(responseError(head(429, page), '<h1>429</h1>').kind, 'rate-limited');
  });

  describe('retryAt of a 429', () => {
    const retryAt = (headers: Record<string, string>, rest?: Partial<ResponseHead>) =>
      responseError(head(429, headers, rest), '{}').details.retryAt;

    it('is the end of an exhausted window', () => {
      assert.equal(retryAt({ ratelimit: '"api";r=0;t=42', 'retry-after': '7' }), at + 42_000);
    });
    it('is Retry-After when the window has requests left', () => {
      assert.equal(retryAt({ ratelimit: '"api";r=977;t=42', 'retry-after': '7' }), at + 7_000);
    });
    it('is undefined without a header', () => {
      assert.equal(retryAt({ ratelimit: '"api";r=977;t=42' }), undefined);
      assert.equal(retryAt({}), undefined);
    });
    it('is corrected when a date comes from a server whose clock is an hour ahead', () => {
      const headers = { 'retry-after': 'Wed, 14 Oct 2026 10:31:00 GMT' };
      assert.equal(retryAt(headers, { clockSkewMs: 3_600_000 }), at + 60_000);
      assert.equal(retryAt({ 'retry-after': '60' }, { clockSkewMs: 3_600_000 }), at + 60_000);
    });
    it('is undefined for other statuses', () => {
      assert.equal(responseError(head(503, { 'retry-after': '7' }), '{}').details.retryAt, undefined);
    });
  });

  it('names the origin of a redirect, without its path', () => {
    const error = responseError(head(302, { location: 'https://portal.example/login?token=1' }), '');
    assert.match(error.message, /redirected to https:\/\/portal\.example,/);
    assert.match(responseError(head(302), '').message, /redirected to nowhere/);
  });
});
