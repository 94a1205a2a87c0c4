import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isLasting, isNetworkProblem, problemFrom } from '../../../src/account/problem.ts';
import type { Problem } from '../../../src/account/snapshot.ts';
import { HubError, type HubErrorKind } from '../../../src/hub/hubError.ts';

const now = Date.UTC(2026, 9, 14, 12);
const second = 1_000;
const minute = 60 * second;
const never = () => 0;
const always = () => 0.999_999;

function failTimes(kind: HubErrorKind, times: number, random = always): Problem {
  let previous: Problem | undefined;
  for (let time = 0; time < times; time++) {
    previous = problemFrom(new HubError(kind, 'it failed'), { previous, now, random });
  }
  assert.ok(previous);
  return previous;
}

describe('problem of a failed call', () => {
  it('keeps the kind, words and field of the error, and nothing else', () => {
    const error = new HubError('format-changed', 'response format changed: usage', { field: 'usage' });
    const problem = problemFrom(error, { now, random: always });
    assert.equal(problem.kind, 'format-changed');
    assert.equal(problem.field, 'usage');
    assert.equal(problem.message, 'response format changed: usage');
    assert.deepEqual([problem.since, problem.at, problem.failures], [now, now, 1]);
    assert.deepEqual(JSON.parse(JSON.stringify(problem)), { ...problem });
  });

  it('keeps `since` while its kind stays the same', () => {
    const first = problemFrom(new HubError('dns', 'no such host'), { now, random: always });
    const later = problemFrom(new HubError('dns', 'no such host'), {
      previous: first,
      now: now + minute,
      random: always,
    });
    assert.deepEqual([later.since, later.at, later.failures], [now, now + minute, 2]);
    const other = problemFrom(new HubError('server-error', '503'), {
      previous: later,
      now: now + 2 * minute,
      random: always,
    });
    assert.deepEqual([other.since, other.failures], [now + 2 * minute, 3]);
  });

  it('is `rejected` for any error but a HubError', () => {
    const { kind, message } = problemFrom(new TypeError('x is not a function'), { now, random: always });
    assert.deepEqual([kind, message], ['rejected', 'x is not a function']);
  });

  const firstWaits: [HubErrorKind, waitMs: number][] = [
    ['dns', 5 * second],
    ['unreachable', 5 * second],
    ['timeout', 5 * second],
    ['not-json', 5 * second],
    ['server-error', 30 * second],
    ['rate-limited', minute],
    ['invalid-token', 30 * minute],
    ['missing-permission', 30 * minute],
    ['format-changed', 30 * minute],
  ];
  for (const [kind, waitMs] of firstWaits) {
    it(`of ${kind} waits ${waitMs / second} s at first, and at least half of that`, () => {
      assert.ok(Math.abs(failTimes(kind, 1).nextTryAt - now - waitMs) <= 5);
      assert.equal(failTimes(kind, 1, never).nextTryAt - now, waitMs / 2);
    });
  }

  it('waits longer with each failure, up to a cap', () => {
    assert.ok(Math.abs(failTimes('dns', 3).nextTryAt - now - 20 * second) <= 5);
    assert.ok(Math.abs(failTimes('dns', 40).nextTryAt - now - 5 * minute) <= 5);
    assert.ok(Math.abs(failTimes('server-error', 40).nextTryAt - now - 15 * minute) <= 5);
    assert.ok(Math.abs(failTimes('invalid-token', 40).nextTryAt - now - 60 * minute) <= 5);
  });

  it("waits until HF's retryAt and a second more", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.double({ min: 0, max: 0.999 }), (waitMs, random) => {
        const error = new HubError('rate-limited', '429', { retryAt: now + waitMs });
        const { nextTryAt, retryAt } = problemFrom(error, { now, random: () => random });
        assert.equal(nextTryAt, now + waitMs + second);
        assert.equal(retryAt, now + waitMs);
      }),
    );
  });

  it('is not lasting for a few tries, which siblings share', () => {
    assert.equal(isLasting(failTimes('server-error', 3), 1), false);
    assert.equal(isLasting(failTimes('server-error', 4), 1), true);
    assert.equal(isLasting(failTimes('timeout', 1), 3), false);
    assert.equal(isLasting(failTimes('timeout', 1), 4), true);
    assert.equal(isLasting(failTimes('missing-permission', 1), 1), true);
  });

  it("is the network's when no response came from Hugging Face", () => {
    const network: HubErrorKind[] = [
      'dns',
      'tls',
      'unreachable',
      'timeout',
      'truncated',
      'not-json',
      'redirected',
    ];
    for (const kind of network) assert.ok(isNetworkProblem(kind), kind);
    for (const kind of ['invalid-token', 'rate-limited', 'server-error', 'format-changed'] as const) {
      assert.ok(!isNetworkProblem(kind), kind);
    }
  });
});
