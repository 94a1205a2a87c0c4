import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Credits,
  creditBalance,
  monthStart,
  nextMonthStart,
} from '../../../../src/limits/account/credits.ts';

const now = Date.UTC(2026, 9, 14, 9, 30);
const usd = 1_000_000_000;
const credits = (used: number, included?: number): Credits => ({
  usedNanoUsd: used,
  includedNanoUsd: included,
  byProvider: [],
  otherSpend: {},
});

describe('the credit balance', () => {
  it('has the unused included credits left, until the first of next month UTC', () => {
    assert.deepEqual(creditBalance(credits(1.02 * usd, 2 * usd), now), {
      usedNanoUsd: 1.02 * usd,
      includedNanoUsd: 2 * usd,
      chargedNanoUsd: 0,
      measuredAgainst: 'included',
      remainingNanoUsd: 0.98 * usd,
      usedFraction: 0.51,
      state: 'ok',
      limitNanoUsd: undefined,
      otherSpendNanoUsd: undefined,
      resetsAt: Date.UTC(2026, 10, 1),
    });
  });

  it('charges the use beyond the included credits', () => {
    const balance = creditBalance(credits(5 * usd, 2 * usd), now);
    assert.equal(balance.chargedNanoUsd, 3 * usd);
    assert.equal(balance.remainingNanoUsd, 0);
    assert.equal(balance.state, 'used-up');
  });

  it('is low below 20 %', () => {
    assert.equal(creditBalance(credits(1.6 * usd, 2 * usd), now).state, 'ok');
    assert.equal(creditBalance(credits(1.6 * usd + 1, 2 * usd), now).state, 'low');
  });

  it('has no rest without known included credits', () => {
    const balance = creditBalance(credits(usd), now);
    const known = Object.entries(balance).filter(([, value]) => value !== undefined);
    assert.deepEqual(Object.fromEntries(known), { usedNanoUsd: usd, resetsAt: Date.UTC(2026, 10, 1) });
  });

  it('is measured against the user’s budget, and charged against the included credits', () => {
    const balance = creditBalance(credits(5 * usd, 2 * usd), now, 20 * usd);
    assert.equal(balance.measuredAgainst, 'budget');
    assert.equal(balance.remainingNanoUsd, 15 * usd);
    assert.equal(balance.usedFraction, 0.25);
    assert.equal(balance.chargedNanoUsd, 3 * usd);
  });

  it('of an organization without included credits is not used up', () => {
    const balance = creditBalance({ ...credits(0, 0), limitNanoUsd: 0 }, now);
    assert.equal(balance.state, undefined);
    assert.equal(balance.usedFraction, undefined);
    assert.equal(balance.limitNanoUsd, undefined);
  });

  it("has no limit for HF's 0", () => {
    assert.equal(creditBalance({ ...credits(0, usd), limitNanoUsd: 0 }, now).limitNanoUsd, undefined);
    assert.equal(creditBalance({ ...credits(0, usd), limitNanoUsd: usd }, now).limitNanoUsd, usd);
  });

  it('names the spend of Jobs, Spaces and Endpoints without subtracting it', () => {
    const otherSpend = { jobs: 240_000_000, endpoints: 60_000_000, privateStorage: 10_000_000 };
    const balance = creditBalance({ ...credits(0, 2 * usd), otherSpend }, now);
    assert.equal(balance.otherSpendNanoUsd, 300_000_000);
    assert.equal(balance.remainingNanoUsd, 2 * usd);
  });

  it('accounts for each nano-USD', () => {
    const amount = fc.integer({ min: 0, max: 1e12 });
    fc.assert(
      fc.property(amount, amount, (used, included) => {
        const balance = creditBalance(credits(used, included), now);
        const { remainingNanoUsd = Number.NaN, chargedNanoUsd = Number.NaN } = balance;
        assert.equal(remainingNanoUsd - chargedNanoUsd, included - used);
        assert.ok(remainingNanoUsd === 0 || chargedNanoUsd === 0);
        assert.equal(balance.state === 'used-up', included > 0 && used >= included);
      }),
    );
  });
});

describe("HF's month", () => {
  it('starts at midnight UTC, also at the end of the year', () => {
    assert.equal(nextMonthStart(Date.UTC(2026, 11, 31, 23, 59, 59, 999)), Date.UTC(2027, 0, 1));
    assert.equal(monthStart(Date.UTC(2027, 0, 1)), Date.UTC(2027, 0, 1));
  });

  it('contains each moment between its start and the next', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), at => {
        assert.ok(monthStart(at) <= at && at < nextMonthStart(at));
        assert.equal(monthStart(nextMonthStart(at)), nextMonthStart(at));
        assert.equal(nextMonthStart(monthStart(at)), nextMonthStart(at));
      }),
    );
  });
});
