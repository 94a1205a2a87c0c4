import assert from 'node:assert/strict';
import { parseTarget } from '../../../../src/gateway/admission/targets.ts';

describe('request target:', () => {
  for (const [url, expected] of [
    ['/v1/models', { kind: 'router', path: '/v1/models' }],
    ['/v1', { kind: 'router', path: '/v1' }],
    ['/v1?x', { kind: 'router', path: '/v1?x' }],
    ['/v1/models/meta-llama/Llama-3.1-8B', { kind: 'router', path: '/v1/models/meta-llama/Llama-3.1-8B' }],
    ['/v1/a?x=/../..&y=%2e%2e', { kind: 'router', path: '/v1/a?x=/../..&y=%2e%2e' }],
    ['/router/groq/openai/v1/x?y', { kind: 'provider', provider: 'groq', path: '/openai/v1/x?y' }],
    ['/router/fal-ai/', { kind: 'provider', provider: 'fal-ai', path: '/' }],
    ['/hub/api/models?limit=1', { kind: 'hub', path: '/api/models?limit=1' }],
    ['/hub', { kind: 'hub', path: '/' }],
    ['/hub?x', { kind: 'hub', path: '/?x' }],
    ['/hub/a/resolve/refs%2Fpr%2F1/..x/...', { kind: 'hub', path: '/a/resolve/refs%2Fpr%2F1/..x/...' }],
    ['/hub/a/\xe9', { kind: 'hub', path: '/a/\xe9' }],
    ['/messages', { kind: 'router', path: '/v1/messages' }],
    ['/messages?beta=true', { kind: 'router', path: '/v1/messages?beta=true' }],
    ['/messages/count_tokens', { kind: 'router', path: '/v1/messages/count_tokens' }],
    ['/messagesque', undefined],
    ['/messages/../models', 'malformed'],
    ['/', undefined],
    ['/v2/models', undefined],
    ['/v1models', undefined],
    ['/router', undefined],
    ['/router/groq', undefined],
    ['/router//x', undefined],
    ['/router//groq//openai/v1/x', { kind: 'provider', provider: 'groq', path: '/openai/v1/x' }],
    ['/v1//chat///completions?a=//b', { kind: 'router', path: '/v1/chat/completions?a=//b' }],
    ['//v1/models', { kind: 'router', path: '/v1/models' }],
    ['//messages', { kind: 'router', path: '/v1/messages' }],
    ['/hub//api/models', { kind: 'hub', path: '/api/models' }],
    ['//hub/a//b', { kind: 'hub', path: '/a/b' }],
    ['/v1//..//x', 'malformed'],
    ['/v1/https://evil.example/x', { kind: 'router', path: '/v1/https:/evil.example/x' }],
    ['//evil.example/v1/models', 'malformed'],
    ['//user@host/v1/models', 'malformed'],
    ['//127.0.0.1:80/v1/models', 'malformed'],
    ['/hubs/x', undefined],
    ['*', 'malformed'],
    ['', 'malformed'],
    ['http://127.0.0.1/v1/models', 'malformed'],
    ['/v1/..', 'malformed'],
    ['/v1/./x', 'malformed'],
    ['/v1/.%2E/x', 'malformed'],
    ['/v1/x%2f%2e%2e%2fy', 'malformed'],
    ['/v1/x%5c..', 'malformed'],
    ['/v1/..;/x', 'malformed'],
    ['/v1\\..\\x', 'malformed'],
    ['/v1/x#y', 'malformed'],
    ['/v1/x?a=#b', 'malformed'],
    ['/v1/..%c0%af../x', 'malformed'],
    ['/v1/%C0%AE%c0%ae/x', 'malformed'],
    ['/v1/..%ef%bc%8f../x', 'malformed'],
    ['/v1/%e2%80%a4%e2%80%a4/x', 'malformed'],
    ['/hub/ada/m/resolve/main/100%25.txt', { kind: 'hub', path: '/ada/m/resolve/main/100%25.txt' }],
    ['/v1/a b', 'malformed'],
    ['/v1/a\x7f', 'malformed'],
    ['/hub//evil.example', 'malformed'],
    ['/router/..%2f/x', 'malformed'],
    ['/router/evil.example:80/x', 'malformed'],
    ['/router/a@b/x', 'malformed'],
  ] as const) {
    it(`${JSON.stringify(url)} is ${JSON.stringify(expected) ?? 'not served'}`, () => {
      assert.deepEqual(parseTarget(url), expected);
    });
  }

  for (const [url, expected] of [
    ['/', { kind: 'hub', path: '/' }],
    ['/api/models?limit=1', { kind: 'hub', path: '/api/models?limit=1' }],
    ['//api//models?a=//b', { kind: 'hub', path: '/api/models?a=//b' }],
    ['/v1/models', { kind: 'hub', path: '/v1/models' }],
    ['/hub/api/models', { kind: 'hub', path: '/hub/api/models' }],
    ['/messages', { kind: 'hub', path: '/messages' }],
    ['//evil.example/x', 'malformed'],
    ['/a/../b', 'malformed'],
    ['http://huggingface.co/api/models', 'malformed'],
  ] as const) {
    it(`at the Hub's port ${url} is ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(parseTarget(url, 'hub'), expected);
    });
  }
});
