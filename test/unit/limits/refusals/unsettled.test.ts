import assert from 'node:assert/strict';
import { classifyRefusal, type Refusal } from '../../../../src/limits/refusals/refusal.ts';
import { settlingMs, stillOpen, withUnsettled } from '../../../../src/limits/refusals/unsettled.ts';

const now = Date.UTC(2026, 9, 14, 12);
const depleted =
  'You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers.';

function refused(status: number, error: string): Refusal {
  const url = 'https://router.huggingface.co/v1/chat/completions';
  const bodyText = JSON.stringify({ error });
  const refusal = classifyRefusal({ status, headers: {}, bodyText, url, at: now, source: 'gateway' });
  return refusal ?? assert.fail('no refusal');
}

function burst(count: number, ageMs: number, costNanoUsd?: number) {
  return Array.from({ length: count }, () => ({ at: now - ageMs, costNanoUsd }));
}

describe('a 402 for credits', () => {
  const credits = refused(402, depleted);

  it('is unsettled after a burst whose placeholders hold enough for one more request', () => {
    assert.equal(credits.cause, 'credits');
    const unsettled = withUnsettled(credits, burst(10, 20_000, 30_000), now);
    assert.deepEqual(unsettled, { ...credits, cause: 'unsettled' });
    assert.equal(withUnsettled(credits, burst(2, 20_000, 30_000), now).cause, 'unsettled');
    assert.equal(withUnsettled(credits, burst(1, 20_000), now).cause, 'unsettled');
  });

  it('is unsettled while Hugging Face reports enough money left', () => {
    const balance = (leftNanoUsd: number, ageMs: number) => ({
      usedNanoUsd: 100_000_000 - leftNanoUsd,
      limitNanoUsd: 100_000_000,
      leftNanoUsd,
      asOf: now - ageMs,
    });
    assert.equal(withUnsettled(credits, [], now, balance(60_000_000, 20_000)).cause, 'unsettled');
    assert.equal(withUnsettled(credits, [], now, balance(9_999_999, 20_000)), credits, 'not for one request');
    assert.equal(
      withUnsettled(credits, [], now, balance(60_000_000, settlingMs)),
      credits,
      'reported too long ago',
    );
    assert.equal(
      withUnsettled(credits, burst(6, 10_000, 10_000_000), now, balance(60_000_000, 20_000)),
      credits,
    );
    const { leftNanoUsd: _, ...unknown } = balance(60_000_000, 20_000);
    assert.equal(withUnsettled(credits, [], now, unknown), credits, 'not known what is left');
  });

  it('means used-up credits without a burst, or after it is settled', () => {
    assert.equal(withUnsettled(credits, [], now), credits);
    assert.equal(withUnsettled(credits, burst(10, settlingMs, 30_000), now), credits);
  });

  it('means used-up credits when the requests really cost that much', () => {
    assert.equal(withUnsettled(credits, burst(10, 20_000, 10_000_000), now), credits);
    assert.equal(withUnsettled(credits, burst(3, 20_000, 50_000_000), now), credits);
    assert.equal(withUnsettled(credits, burst(9, 20_000, 9_000_000), now), credits);
  });
});

describe('any other refusal', () => {
  it("keeps its cause after a burst, also when the empty account is the provider's", () => {
    const others = [
      refused(402, 'Pay-as-you go is not enabled for provider fal-ai yet.'),
      refused(402, 'Your organization reached its spending limit'),
      refused(402, 'NOT_ENOUGH_BALANCE'),
      refused(429, 'Too many requests'),
    ];
    for (const other of others) {
      assert.equal(withUnsettled(other, burst(10, 1000), now), other);
    }
  });
});

describe('unsettled requests', () => {
  it('are those of the last 5 minutes', () => {
    const requests = [{ at: now - settlingMs }, { at: now - settlingMs + 1 }, { at: now }, { at: now + 1 }];
    assert.deepEqual(stillOpen(requests, now), requests.slice(1, 3));
  });
});
