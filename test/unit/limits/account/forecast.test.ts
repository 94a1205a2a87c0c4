import assert from 'node:assert/strict';
import fc from 'fast-check';
import { monthStart, nextMonthStart } from '../../../../src/limits/account/credits.ts';
import { burnRateNanoUsdPerHour, runsOutAt } from '../../../../src/limits/account/forecast.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 9, 14, 9, 30);
const samples = (...points: [hoursAgo: number, used: number][]) =>
  points.map(([hoursAgo, usedNanoUsd]) => ({ at: now - hoursAgo * hour, usedNanoUsd }));

describe('the burn rate', () => {
  it('is the growth over the time between the first and the last sample', () => {
    assert.equal(burnRateNanoUsdPerHour(samples([4, 100], [2, 150], [0, 500]), now), 100);
  });

  it('is unknown from one sample or less than an hour', () => {
    assert.equal(burnRateNanoUsdPerHour([], now), undefined);
    assert.equal(burnRateNanoUsdPerHour(samples([3, 100]), now), undefined);
    assert.equal(burnRateNanoUsdPerHour(samples([0.9, 100], [0, 900]), now), undefined);
  });

  it('takes a fall for settled placeholders, not for returned money', () => {
    assert.equal(burnRateNanoUsdPerHour(samples([4, 300], [3, 100], [0, 500]), now), 100);
    assert.equal(burnRateNanoUsdPerHour(samples([4, 300], [0, 100]), now), 0);
  });

  it('starts again with the month', () => {
    const early = monthStart(now) + 2 * hour;
    const rollOver = [
      { at: early - 3 * hour, usedNanoUsd: 2_000_000 },
      { at: early - 2 * hour, usedNanoUsd: 0 },
      { at: early, usedNanoUsd: 80 },
    ];
    assert.equal(burnRateNanoUsdPerHour(rollOver, early), 40);
  });

  it('ignores samples more than a day old', () => {
    assert.equal(burnRateNanoUsdPerHour(samples([100, 0], [10, 900], [0, 1000]), now), 10);
  });

  it('is never negative, whatever the samples and their order', () => {
    const sample = fc.record({
      at: fc.integer({ min: now - 40 * 24 * hour, max: now + hour }),
      usedNanoUsd: fc.integer({ min: 0, max: 1e12 }),
    });
    fc.assert(
      fc.property(fc.array(sample), list => {
        const rate = burnRateNanoUsdPerHour(list, now);
        assert.ok(rate === undefined || rate >= 0);
        assert.equal(burnRateNanoUsdPerHour([...list].reverse(), now) === undefined, rate === undefined);
      }),
    );
  });
});

describe('the time at which credits run out', () => {
  it('follows from the rest and the pace', () => {
    assert.equal(runsOutAt(1000, 100, now), now + 10 * hour);
  });

  it('is undefined after the reset, without spend, and when unknown', () => {
    assert.equal(runsOutAt(1_000_000, 1, now), undefined);
    assert.equal(runsOutAt(1000, 0, now), undefined);
    assert.equal(runsOutAt(1000, undefined, now), undefined);
    assert.equal(runsOutAt(undefined, 100, now), undefined);
  });

  it('is between now and the reset', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (remaining, rate) => {
        const at = runsOutAt(remaining, rate, now);
        assert.ok(at === undefined || (at >= now && at < nextMonthStart(now)));
      }),
    );
  });
});
