import assert from 'node:assert/strict';
import { CrashSeries } from '../../../../src/ui/gateway/crashSeries.ts';

describe('CrashSeries', () => {
  const series = (...ranMs: number[]) => {
    const made = new CrashSeries();
    for (const each of ranMs) made.crashed(each);
    return made;
  };

  it('begins with the first crash', () => {
    assert.equal(series().hasBegun, false);
    assert.equal(series(0).hasBegun, true);
  });

  it('doubles the delay with each crash', () => {
    const delays = [series(0), series(0, 0), series(0, 0, 0)].map(({ delayMs }) => delayMs);
    assert.deepEqual(delays, [250, 500, 1_000]);
  });

  it('gives up at the sixth crash', () => {
    assert.equal(series(0, 0, 0, 0, 0).isGivenUp, false);
    assert.equal(series(0, 0, 0, 0, 0, 0).isGivenUp, true);
  });

  it('starts over with a crash after a minute, not with an earlier one', () => {
    assert.equal(series(0, 0, 60_000).delayMs, 250);
    assert.equal(series(0, 0, 59_999).delayMs, 1_000);
  });

  it('ends with forget', () => {
    const made = series(0, 0, 0, 0, 0, 0);
    made.forget();
    assert.deepEqual([made.hasBegun, made.isGivenUp], [false, false]);
  });
});
