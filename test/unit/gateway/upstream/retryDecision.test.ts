import assert from 'node:assert/strict';
import {
  afterRefusal,
  patienceMs,
  type Refused,
  refusalHeaders,
} from '../../../../src/gateway/upstream/retryDecision.ts';
import type { Refusal } from '../../../../src/limits/refusals/refusal.ts';

const now = Date.UTC(2026, 10, 10, 12);
const refusal = (changes: Partial<Refusal> = {}): Refusal => ({
  at: now,
  status: 429,
  cause: 'rate',
  by: 'huggingface',
  source: 'gateway',
  message: '',
  ...changes,
});
const next = (changes: Partial<Refused> = {}) =>
  afterRefusal({
    status: 429,
    headers: {},
    refusal: refusal(),
    attempt: 0,
    patienceMs: 60_000,
    now,
    random: () => 0.5,
    ...changes,
  });

describe('after a refusal', () => {
  it('a wait as long as the patience is still waited', () => {
    const told = refusal({ resetsAt: now + 60_000 });
    assert.deepEqual(next({ refusal: told }), { kind: 'wait', delayMs: 60_000 });
    assert.deepEqual(next({ refusal: told, patienceMs: 59_999 }), { kind: 'pass', tooLong: true });
  });

  it('backoff grows, and ends after a dozen tries', () => {
    const delays = [0, 1, 2, 3, 4, 5, 6].map(attempt => next({ attempt }));
    assert.deepEqual(
      delays.map(step => step.kind === 'wait' && step.delayMs),
      [250, 500, 1000, 2000, 4000, 5000, 5000],
    );
    assert.deepEqual(next({ attempt: 12 }), { kind: 'pass', tooLong: false });
  });

  it('only what passes by itself is waited for', () => {
    const causes = [
      'rate',
      'tokens',
      'concurrency',
      'capacity',
      'unknown',
      'quota',
      'credits',
      'spending-limit',
    ] as const;
    const kinds = causes.map(cause => next({ refusal: refusal({ cause }) }).kind);
    assert.deepEqual(kinds, ['wait', 'wait', 'wait', 'wait', 'wait', 'pass', 'pass', 'pass']);
    assert.equal(next({ refusal: refusal({ cause: 'quota', resetsAt: now + 5_000 }) }).kind, 'wait');
    assert.equal(next({ refusal: undefined }).kind, 'wait');
  });

  it('a 402 is waited for only while money is not settled, and longer', () => {
    const unsettled = refusal({ status: 402, cause: 'unsettled' });
    assert.deepEqual(next({ status: 402, refusal: unsettled }), { kind: 'wait', delayMs: 2_000 });
    assert.equal(next({ status: 402, refusal: refusal({ status: 402, cause: 'credits' }) }).kind, 'pass');
  });

  it('no other status is tried again, whatever its headers say', () => {
    for (const status of [400, 403, 500, 503]) {
      assert.deepEqual(next({ status, headers: { 'retry-after': '1' } }), { kind: 'pass', tooLong: false });
    }
  });
});

describe("the caller's patience", () => {
  it('is the configured one, or four fifths of what its SDK allows', () => {
    assert.equal(patienceMs(60_000, undefined, false), 60_000);
    assert.equal(patienceMs(60_000, 600, false), 60_000);
    assert.equal(patienceMs(60_000, 10, false), 8_000);
    assert.equal(patienceMs(60_000, 2.5, false), 2_000);
  });

  it('ends on the Hub before its clients give up', () => {
    assert.equal(patienceMs(60_000, undefined, true), 8_000);
    assert.equal(patienceMs(5_000, undefined, true), 5_000);
    assert.equal(patienceMs(0, 600, false), 0);
  });
});

describe('what a refusal that is handed on says beside', () => {
  const bag = (...parameters: Parameters<typeof refusalHeaders>) => {
    const flat = refusalHeaders(...parameters);
    return Object.fromEntries(flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1]]] : [])));
  };

  it('is who was billed, the cause and the end', () => {
    assert.deepEqual(bag(refusal({ resetsAt: now + 1_500 }), 'org:acme', {}, true, now), {
      'x-headroom-billed-to': 'org:acme',
      'x-headroom-cause': 'rate',
      'x-headroom-resets-at': '2026-11-10T12:00:01.500Z',
      'retry-after': '2',
      'x-should-retry': 'false',
    });
  });

  it('repeats nothing that upstream said, and makes up no end', () => {
    const said = { 'retry-after': '7', 'x-should-retry': 'true' };
    assert.deepEqual(bag(refusal({ resetsAt: now + 7_000 }), 'personal', said, true, now), {
      'x-headroom-billed-to': 'personal',
      'x-headroom-cause': 'rate',
      'x-headroom-resets-at': '2026-11-10T12:00:07.000Z',
    });
    assert.deepEqual(bag(refusal(), 'personal', {}, false, now), {
      'x-headroom-billed-to': 'personal',
      'x-headroom-cause': 'rate',
    });
    assert.deepEqual(bag(undefined, 'personal', {}, false, now), { 'x-headroom-billed-to': 'personal' });
  });
});
