import assert from 'node:assert/strict';
import { upstreamFailure } from '../../../../src/gateway/upstream/upstreamFailure.ts';

function coded(code: string, cause?: Error): Error {
  return Object.assign(new Error('with a secret in it: hf_abcdefghijkl', { cause }), { code });
}

describe('upstream failure:', () => {
  for (const [error, sent, status, code, kind] of [
    [coded('ECONNREFUSED'), false, 502, 'upstream_unreachable', 'unsent'],
    [coded('ENOTFOUND'), false, 502, 'upstream_unreachable', 'unsent'],
    [coded('EAI_AGAIN'), false, 502, 'upstream_unreachable', 'unsent'],
    [
      new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]),
      false,
      502,
      'upstream_unreachable',
      'unsent',
    ],
    [coded('UND_ERR_CONNECT_TIMEOUT'), false, 504, 'upstream_timeout', 'other'],
    [coded('ETIMEDOUT'), false, 504, 'upstream_timeout', 'other'],
    [coded('SELF_SIGNED_CERT_IN_CHAIN'), false, 502, 'upstream_certificate', 'other'],
    [coded('ERR_TLS_CERT_ALTNAME_INVALID'), false, 502, 'upstream_certificate', 'other'],
    [coded('UND_ERR_PRX_TLS', coded('CERT_HAS_EXPIRED')), false, 502, 'upstream_certificate', 'other'],
    [coded('UND_ERR_ABORTED'), false, 502, 'upstream_unreachable', 'other'],
    [new Error('no code'), false, 502, 'upstream_unreachable', 'other'],
    ['not an error', false, 502, 'upstream_unreachable', 'other'],
    [coded('ECONNRESET'), true, 502, 'upstream_failed', 'reset'],
    [coded('UND_ERR_SOCKET'), true, 502, 'upstream_failed', 'reset'],
    [coded('EPIPE'), true, 502, 'upstream_failed', 'reset'],
    [coded('ECONNREFUSED'), true, 502, 'upstream_failed', 'other'],
    [coded('HPE_INVALID_CONSTANT'), true, 502, 'upstream_failed', 'other'],
  ] as const) {
    it(`${error instanceof Error ? ('code' in error && error.code) || error.name : 'another type'} ${sent ? 'after' : 'before'} sending is ${status} ${code}, ${kind}`, () => {
      const failure = upstreamFailure(error, 'https://router.example', sent);
      assert.deepEqual([failure.error.status, failure.error.code, failure.kind], [status, code, kind]);
      assert.match(failure.error.message, /https:\/\/router\.example.*\.$/);
      assert.doesNotMatch(failure.error.message, /hf_/);
    });
  }
});
