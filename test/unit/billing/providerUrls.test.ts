import assert from 'node:assert/strict';
import {
  InvalidProviderUrl,
  parseProviderUrls,
  parseProviderUrlsJson,
} from '../../../src/billing/providerUrls.ts';

function problem(value: unknown): string {
  try {
    parseProviderUrls(value);
  } catch (error) {
    if (error instanceof InvalidProviderUrl) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('parseProviderUrls:', () => {
  it('accepts https, and http on this machine', () => {
    assert.deepEqual(
      parseProviderUrls({
        groq: 'https://groq.example/eu/',
        'my-own': ' http://127.0.0.1:8080 ',
        novita: '',
      }),
      { groq: 'https://groq.example/eu', 'my-own': 'http://127.0.0.1:8080' },
    );
    assert.deepEqual(parseProviderUrls(undefined), {});
    assert.deepEqual(parseProviderUrls(null), {});
  });

  it('refuses URLs on which a key could be read; the error does not repeat them', () => {
    assert.match(problem({ groq: 'http://groq.example' }), /^providerUrls.groq must begin with https/);
    assert.match(problem({ groq: 'https://ada:secret@groq.example' }), /user name or password$/);
    assert.doesNotMatch(problem({ groq: 'https://ada:secret@groq.example' }), /secret/);
    assert.match(problem({ groq: 'https://groq.example/?key=1' }), /query/);
    assert.match(problem({ groq: 'ftp://groq.example' }), /https/);
    assert.match(problem({ groq: 'groq.example' }), /not a URL/);
    assert.match(problem({ groq: 7 }), /not a URL/);
  });

  it('accepts an object, also as JSON', () => {
    for (const value of ['https://x', ['https://x'], 7]) assert.match(problem(value), /must be an object/);
    assert.deepEqual(parseProviderUrlsJson('{"groq":"http://localhost:1"}'), { groq: 'http://localhost:1' });
    assert.deepEqual(parseProviderUrlsJson(undefined), {});
    assert.deepEqual(parseProviderUrlsJson('  '), {});
    for (const text of ['null', '[]', '{', '"x"']) {
      assert.throws(() => parseProviderUrlsJson(text), InvalidProviderUrl, text);
    }
  });

  it('keeps a provider named like a property of every object', () => {
    const urls = parseProviderUrls(JSON.parse('{"__proto__":"https://a.example"}'));
    assert.deepEqual(Object.keys(urls), ['__proto__']);
  });
});
