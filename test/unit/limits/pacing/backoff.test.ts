import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { RateWindow } from '../../../../src/limits/headers/rateLimit.ts';
import { type BackoffInput, nextDelayMs } from '../../../../src/limits/pacing/backoff.ts';

const now = Date.UTC(2026, 9, 14, 9, 30);
const plain: BackoffInput = { attempt: 0, now, random: () => 0.5, baseMs: 1000, capMs: 60_000 };
const window = (remaining: number): RateWindow => ({
  bucket: 'api',
  remaining,
  resetsAt: now + 42_000,
  asOf: now,
  source: 'header',
});

describe('the delay before a retry', () => {
  it('ends one second after the reset of a full window', () => {
    assert.equal(nextDelayMs({ ...plain, window: window(0), retryAt: now + 5000 }), 43_000);
  });

  it('follows Retry-After when the window has something left', () => {
    assert.equal(nextDelayMs({ ...plain, window: window(977), retryAt: now + 5000 }), 5000);
  });

  it('is not capped when the server names a time', () => {
    assert.equal(nextDelayMs({ ...plain, retryAt: now + 3_600_000 }), 3_600_000);
  });

  it('grows exponentially with full jitter without a time, or with one that has passed', () => {
    assert.equal(nextDelayMs({ ...plain, attempt: 3 }), 4000);
    assert.equal(nextDelayMs({ ...plain, attempt: 3, retryAt: now }), 4000);
    assert.equal(nextDelayMs({ ...plain, attempt: 20 }), 30_000);
  });

  it('stays between 0 and the cap for any attempt and random number', () => {
    const luck = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer(), luck, fc.nat(10_000), fc.nat(1_000_000), (attempt, random, baseMs, capMs) => {
        const delay = nextDelayMs({ ...plain, attempt, random: () => random, baseMs, capMs });
        assert.ok(delay >= 0 && delay <= capMs && Number.isInteger(delay));
      }),
    );
  });
});
