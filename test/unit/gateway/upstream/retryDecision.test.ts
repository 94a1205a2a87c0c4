import assert from 'node:assert/strict';
import { decideRetry, patienceMs, type RefusedTry } from '../../../../src/gateway/upstream/retryDecision.ts';
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
const next = (changes: Partial<RefusedTry> = {}) =>
  decideRetry({
    status: 429,
    headers: {},
    refusal: refusal(),
    waits: 0,
    patienceMs: 60_000,
    isToldPatience: true,
    isRepeatable: true,
    isBilled: true,
    profile: { kind: 'personal' },
    isPartners: false,
    isStandIn: false,
    now,
    random: () => 0.5,
    ...changes,
  });

describe('retry decision:', () => {
  it('a wait as long as the longest wait is allowed', () => {
    const limited = refusal({ resetsAt: now + 60_000 });
    assert.deepEqual(next({ refusal: limited }), { kind: 'wait', delayMs: 60_000 });
    assert.deepEqual(next({ refusal: limited, patienceMs: 59_999 }), { kind: 'pass-on', tooLong: true });
  });

  it('backoff grows, and ends after 12 tries', () => {
    const delays = [0, 1, 2, 3, 4, 5, 6].map(waits => next({ waits }));
    assert.deepEqual(
      delays.map(step => step.kind === 'wait' && step.delayMs),
      [250, 500, 1000, 2000, 4000, 5000, 5000],
    );
    assert.deepEqual(next({ waits: 12 }), { kind: 'pass-on', tooLong: false });
  });

  it('only causes that pass by themselves wait', () => {
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
    assert.deepEqual(kinds, ['wait', 'wait', 'wait', 'wait', 'wait', 'pass-on', 'next-payer', 'next-payer']);
    assert.equal(next({ refusal: refusal({ cause: 'quota', resetsAt: now + 5_000 }) }).kind, 'wait');
    assert.equal(next({ refusal: undefined }).kind, 'wait');
  });

  it('a 402 waits only with cause unsettled, with a longer backoff', () => {
    const unsettled = refusal({ status: 402, cause: 'unsettled' });
    assert.deepEqual(next({ status: 402, refusal: unsettled }), { kind: 'wait', delayMs: 2_000 });
    assert.equal(
      next({ status: 402, refusal: refusal({ status: 402, cause: 'credits' }) }).kind,
      'next-payer',
    );
  });

  it('other statuses are not retried, also with Retry-After', () => {
    for (const status of [400, 403, 500, 503]) {
      assert.deepEqual(next({ status, headers: { 'retry-after': '1' } }), {
        kind: 'pass-on',
        tooLong: false,
      });
    }
  });
});

describe('longest wait:', () => {
  it("the configured one, or 80 % of the SDK's timeout", () => {
    assert.equal(patienceMs(60_000, undefined, false), 60_000);
    assert.equal(patienceMs(60_000, 600, false), 60_000);
    assert.equal(patienceMs(60_000, 10, false), 8_000);
    assert.equal(patienceMs(60_000, 2.5, false), 2_000);
  });

  it('at most 8 s for the Hub', () => {
    assert.equal(patienceMs(60_000, undefined, true), 8_000);
    assert.equal(patienceMs(5_000, undefined, true), 5_000);
    assert.equal(patienceMs(0, 600, false), 0);
  });
});

describe('retry decision, next payer:', () => {
  const spent = refusal({ status: 402, cause: 'credits' });

  it("pays when the payer's own credits are used up", () => {
    assert.deepEqual(next({ status: 402, refusal: spent }), {
      kind: 'next-payer',
      reason: 'credits',
      tooLong: false,
    });
    const limited = refusal({ status: 402, cause: 'spending-limit' });
    assert.equal(next({ status: 402, refusal: limited }).kind, 'next-payer');
    const key = { kind: 'provider-key', provider: 'groq' } as const;
    assert.equal(
      next({ status: 402, refusal: refusal({ ...spent, by: 'groq' }), profile: key }).kind,
      'next-payer',
    );
  });

  it("does not pay for HF's empty account at a provider, or for a client's own token", () => {
    assert.equal(next({ status: 402, refusal: spent, isBilled: false }).kind, 'pass-on');
    const balance = refusal({ ...spent, scope: 'provider balance' });
    assert.equal(next({ status: 402, refusal: balance }).kind, 'pass-on');
    assert.equal(next({ status: 402, refusal: refusal({ ...spent, by: 'groq' }) }).kind, 'pass-on');
  });

  it('pays for cause unsettled only after the longest wait', () => {
    const unsettled = refusal({ status: 402, cause: 'unsettled' });
    assert.equal(next({ status: 402, refusal: unsettled, patienceMs: 0 }).kind, 'pass-on');
    assert.equal(next({ status: 402, refusal: unsettled, patienceMs: 0, waits: 1 }).kind, 'next-payer');
  });

  it('pays after a 401 or 403 of a stand-in, not of the chosen profile', () => {
    for (const status of [401, 403]) {
      assert.equal(next({ status, refusal: undefined, isStandIn: true }).kind, 'next-payer');
      const ofPartner = { status, refusal: undefined, isStandIn: true, isPartners: true };
      assert.equal(next(ofPartner).kind, 'pass-on');
      assert.equal(next({ status, refusal: undefined }).kind, 'pass-on');
    }
  });

  it('only a request that can be sent again waits', () => {
    assert.deepEqual(next({ isRepeatable: false }), { kind: 'pass-on', tooLong: false });
  });
});
