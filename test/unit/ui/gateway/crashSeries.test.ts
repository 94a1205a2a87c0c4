import assert from 'node:assert/strict';
import { CrashSeries } from '../../../../src/ui/gateway/crashSeries.ts';

describe('a series of crashes', () => {
  const series = (...ranMs: number[]) => {
    const made = new CrashSeries();
    for (const each of ranMs) made.crashed(each);
    return made;
  };

  it('has not begun before the first one', () => {
    assert.equal(series().hasBegun, false);
    assert.equal(series(0).hasBegun, true);
  });

  it('waits twice as long from crash to crash', () => {
    const delays = [series(0), series(0, 0), series(0, 0, 0)].map(({ delayMs }) => delayMs);
    assert.deepEqual(delays, [250, 500, 1_000]);
  });

  it('is given up with the sixth', () => {
    assert.equal(series(0, 0, 0, 0, 0).isGivenUp, false);
    assert.equal(series(0, 0, 0, 0, 0, 0).isGivenUp, true);
  });

  it('begins anew with one that was well for a minute, and not with one that was for less', () => {
    assert.equal(series(0, 0, 60_000).delayMs, 250);
    assert.equal(series(0, 0, 59_999).delayMs, 1_000);
  });

  it('is over when somebody asks for a start', () => {
    const made = series(0, 0, 0, 0, 0, 0);
    made.forget();
    assert.deepEqual([made.hasBegun, made.isGivenUp], [false, false]);
  });
});
