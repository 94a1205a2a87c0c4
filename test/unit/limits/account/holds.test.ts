import assert from 'node:assert/strict';
import fc from 'fast-check';
import { placeholderNanoUsd } from '../../../../src/limits/account/credits.ts';
import { mayBeHeld } from '../../../../src/limits/account/holds.ts';

const noon = Date.UTC(2026, 9, 14, 12);
const minute = 60_000;
const settlingMs = 5 * minute;
const cents = (count: number) => count * placeholderNanoUsd;

type Sample = [minutesAgo: number, nanoUsd: number, requests?: number];

function held(usedNanoUsd: number, requests: number, samples: Sample[] = []) {
  const credits = {
    usedNanoUsd,
    requests,
    byProvider: [{ provider: 'novita', nanoUsd: usedNanoUsd, requests }],
    otherSpend: {},
  };
  const balances = samples.map(([ago, used, count]) => ({
    at: noon - ago * minute,
    usedNanoUsd: used,
    requests: count,
  }));
  return mayBeHeld(credits, noon, balances, settlingMs);
}

describe('the spend that unsettled requests may hold', () => {
  it('is nine placeholders when twelve requests cost little more than nine of them', () => {
    assert.equal(held(92_400_000, 12), cents(9));
  });

  it('is the rise of the last 5 minutes, in whole placeholders', () => {
    assert.equal(held(cents(7) + 500_000, 400, [[2, cents(3)]]), cents(4));
    assert.equal(
      held(cents(7), 400, [
        [2, cents(6)],
        [9, cents(1)],
      ]),
      cents(6),
    );
  });

  it('is nothing when spend stood still for 5 minutes, whatever a request costs', () => {
    assert.equal(held(cents(9), 9, [[5, cents(9)]]), 0);
    assert.equal(
      held(cents(9), 9, [
        [1, cents(9)],
        [6, cents(9)],
      ]),
      0,
    );
  });

  it('is nothing when a usual request costs a fraction of a placeholder, or many cost more', () => {
    assert.equal(held(98_700_000, 80), 0);
    assert.equal(held(cents(190), 60), 0);
    assert.equal(held(0, 0), 0);
  });

  it('is nothing when few requests cost more than a placeholder each', () => {
    assert.equal(held(99_900_000, 3), 0, 'three pictures of $0.0333');
    assert.equal(held(99_900_000, 9), 0);
    assert.equal(held(99_900_000, 10), cents(9), 'ten may be nine placeholders and one settled');
  });

  it('is nothing in a rise that is more than a placeholder for each new request', () => {
    assert.equal(held(99_900_000, 3, [[2, 0, 0]]), 0);
    assert.equal(
      held(99_900_000, 3, [
        [2, 0, 0],
        [1, cents(3), 3],
      ]),
      0,
      'placeholders that were settled at more',
    );
    assert.equal(held(cents(9), 9, [[2, 0, 0]]), cents(9));
  });

  it('is the rise since a costly request was settled', () => {
    const samples: Sample[] = [
      [9, 0, 0],
      [2, cents(5), 1],
    ];
    assert.equal(held(cents(9), 5, samples), cents(4));
    assert.equal(held(cents(9), 5, samples.slice(0, 1)), 0, 'nine cents for five requests');
  });

  it('is never negative, never more than is used, and a whole number of placeholders', () => {
    const sample = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.nat(2_000_000_000), fc.nat(99));
    fc.assert(
      fc.property(fc.nat(2_000_000_000), fc.nat(99), fc.array(sample, { maxLength: 6 }), (...given) => {
        const nanoUsd = held(...given);
        assert.ok(nanoUsd >= 0 && nanoUsd <= given[0] && nanoUsd % placeholderNanoUsd === 0);
      }),
    );
  });
});
