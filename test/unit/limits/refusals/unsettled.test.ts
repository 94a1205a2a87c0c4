import assert from 'node:assert/strict';
import { classifyRefusal, type Refusal } from '../../../../src/limits/refusals/refusal.ts';
import {
  causeByReading,
  settlingMs,
  stillOpen,
  withUnsettled,
} from '../../../../src/limits/refusals/unsettled.ts';

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
    const unsettled = withUnsettled(credits, { requests: burst(10, 20_000, 30_000) }, now);
    assert.deepEqual(unsettled, { ...credits, cause: 'unsettled' });
    assert.equal(withUnsettled(credits, { requests: burst(2, 20_000, 30_000) }, now).cause, 'unsettled');
    assert.equal(withUnsettled(credits, { requests: burst(1, 20_000) }, now).cause, 'unsettled');
  });

  it('is unsettled while Hugging Face reports enough money left', () => {
    const balance = (leftNanoUsd: number, ageMs: number) => ({
      usedNanoUsd: 100_000_000 - leftNanoUsd,
      limitNanoUsd: 100_000_000,
      leftNanoUsd,
      asOf: now - ageMs,
    });
    assert.equal(
      withUnsettled(credits, { requests: [], balance: balance(60_000_000, 20_000) }, now).cause,
      'unsettled',
    );
    assert.equal(
      withUnsettled(credits, { requests: [], balance: balance(9_999_999, 20_000) }, now),
      credits,
      'not for one request',
    );
    assert.equal(
      withUnsettled(credits, { requests: [], balance: balance(60_000_000, settlingMs) }, now),
      credits,
      'reported too long ago',
    );
    assert.equal(
      withUnsettled(
        credits,
        { requests: burst(6, 10_000, 10_000_000), balance: balance(60_000_000, 20_000) },
        now,
      ),
      credits,
    );
    const { leftNanoUsd: _, ...unknown } = balance(60_000_000, 20_000);
    assert.equal(
      withUnsettled(credits, { requests: [], balance: unknown }, now),
      credits,
      'not known what is left',
    );
  });

  it('means used-up credits when a reported balance leaves room for the placeholders of costly requests', () => {
    const balance = { usedNanoUsd: 0, leftNanoUsd: 100_000_000, asOf: now - 20_000 };
    const caused = (requests: ReturnType<typeof burst>, inFlight = 1) =>
      withUnsettled(credits, { requests, inFlight, balance }, now).cause;
    assert.equal(caused(burst(3, 10_000)), 'credits', 'three pictures of unknown cost');
    assert.equal(caused(burst(3, 10_000), 8), 'unsettled', 'seven more are on their way');
    assert.equal(caused(burst(10, 10_000)), 'unsettled', 'ten placeholders fill it');
    assert.equal(caused(burst(3, 10_000, 30_000)), 'unsettled', 'cheap: others hold it');
    assert.equal(caused([]), 'unsettled');
  });

  it('means used-up credits when the balance shows that requests cost more than their placeholders', () => {
    const balance = { usedNanoUsd: 99_900_000, leftNanoUsd: 100_000, heldNanoUsd: 0, asOf: now - 1_000 };
    const caused = (isCostly: boolean, costNanoUsd?: number) =>
      withUnsettled(
        credits,
        { requests: burst(3, 10_000, costNanoUsd), balance: { ...balance, isCostly } },
        now,
      ).cause;
    assert.deepEqual(
      [caused(true), caused(false), caused(true, 30_000)],
      ['credits', 'unsettled', 'unsettled'],
    );
  });

  it('means used-up credits without a burst, or after it is settled', () => {
    assert.equal(withUnsettled(credits, { requests: [] }, now), credits);
    assert.equal(withUnsettled(credits, { requests: burst(10, settlingMs, 30_000) }, now), credits);
  });

  it('means used-up credits when the requests really cost that much', () => {
    assert.equal(withUnsettled(credits, { requests: burst(10, 20_000, 10_000_000) }, now), credits);
    assert.equal(withUnsettled(credits, { requests: burst(3, 20_000, 50_000_000) }, now), credits);
    assert.equal(withUnsettled(credits, { requests: burst(9, 20_000, 9_000_000) }, now), credits);
  });
});

describe('the usage that is read after a 402', () => {
  const [credits, unsettled] = [
    refused(402, depleted),
    { ...refused(402, depleted), cause: 'unsettled' },
  ] as const;
  const balance = (leftNanoUsd?: number, heldNanoUsd?: number, isCostly = false) => ({
    usedNanoUsd: 0,
    asOf: now,
    leftNanoUsd,
    heldNanoUsd,
    isCostly,
  });
  for (const [name, read, placeholders, cause] of [
    ['nothing is left, and nothing held', balance(0, 0), 0, 'credits'],
    ['what is held leaves room for a request', balance(7_600_000, 90_000_000), 0, 'unsettled'],
    ['more than a request’s placeholder is left', balance(50_000_000, 0), 0, 'unsettled'],
    ['this machine’s open requests hold money', balance(0, 0), 30_000_000, 'unsettled'],
    ['its open requests are costly ones', balance(0, 0, true), 30_000_000, 'credits'],
  ] as const) {
    it(`shows ${cause}, whatever was thought before: ${name}`, () => {
      for (const refusal of [credits, unsettled]) {
        assert.equal(causeByReading(refusal, read, placeholders), cause);
      }
    });
  }

  it('says nothing when what is left is not known, or the refusal was for something else', () => {
    for (const refusal of [credits, unsettled]) {
      assert.equal(causeByReading(refusal, balance()), refusal.cause);
    }
    for (const other of [refused(402, 'NOT_ENOUGH_BALANCE'), refused(429, 'Too many requests')]) {
      assert.equal(causeByReading(other, balance(0, 0)), other.cause);
    }
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
      assert.equal(withUnsettled(other, { requests: burst(10, 1000) }, now), other);
    }
  });
});

describe('unsettled requests', () => {
  it('are those of the last 5 minutes', () => {
    const requests = [{ at: now - settlingMs }, { at: now - settlingMs + 1 }, { at: now }, { at: now + 1 }];
    assert.deepEqual(stillOpen(requests, now), requests.slice(1, 3));
  });
});
