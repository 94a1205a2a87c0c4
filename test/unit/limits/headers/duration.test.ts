import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  formatAge,
  formatCountdown,
  formatDate,
  formatDuration,
  formatIn,
  formatSpan,
} from '../../../../src/limits/headers/duration.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe('times', () => {
  for (const [ms, shown] of [
    [112 * second, '1:52'],
    [2 * hour + 3 * minute + 4 * second, '2:03:04'],
    [1, '0:01'],
    [38 * second, '0:38'],
    [59.2 * second, '1:00'],
    [0, '0:00'],
    [-5000, '0:00'],
    [26 * hour, '26:00:00'],
  ] as const) {
    it(`count down ${ms} ms as ${shown}`, () => {
      assert.equal(formatCountdown(ms), shown);
    });
  }

  for (const [ms, shown] of [
    [0, '0 s ago'],
    [40 * second, '40 s ago'],
    [24 * minute + 59 * second, '24 min ago'],
    [3 * hour, '3 h ago'],
    [day, '1 day ago'],
    [2 * day, '2 days ago'],
  ] as const) {
    it(`${ms} ms old are ${shown}`, () => {
      assert.equal(formatAge(ms, 'en'), shown);
    });
  }

  it('are in ms below a second', () => {
    assert.equal(formatDuration(340.4, 'en'), '340 ms');
    assert.equal(formatDuration(1_240, 'en'), '1.24 s');
    assert.equal(formatDuration(1_240, 'de').replace('\u00a0', ' '), '1,24 Sek.');
    assert.equal(formatDuration(75_340, 'en'), '75.3 s');
  });

  it('are never in the future because of a wrong clock', () => {
    assert.equal(formatAge(-hour, 'en'), formatAge(0, 'en'));
  });

  for (const [ms, shown] of [
    [40 * second, 'in 40 s'],
    [59.5 * second, 'in 1 min'],
    [61 * second, 'in 2 min'],
    [3 * hour, 'in 3 h'],
    [23.5 * hour, 'in 1 day'],
    [8 * day + hour, 'in 8 days'],
  ] as const) {
    it(`${ms} ms ahead come ${shown}`, () => {
      assert.equal(formatIn(ms, 'en'), shown);
    });
  }

  for (const [seconds, shown] of [
    [1, '1 s'],
    [45, '45 s'],
    [60, '1 min'],
    [90, '90 s'],
    [300, '5 min'],
    [3_600, '1 h'],
    [5_400, '90 min'],
    [43_200, '12 h'],
    [86_400, '1 day'],
    [604_800, '7 days'],
    [0, '0 s'],
  ] as const) {
    it(`${seconds} s are a window of ${shown}`, () => {
      assert.equal(formatSpan(seconds, 'en'), shown);
    });
  }

  it('are in the language of the locale', () => {
    assert.equal(formatSpan(3_600, 'de').replace(/\s/g, ' '), '1 Std.');
    assert.equal(formatSpan(300, 'C'), '5 min');
    assert.equal(formatAge(3 * hour, 'de'), 'vor 3 Std.');
    assert.equal(formatIn(8 * day, 'fr').replace(/\s/g, ' '), 'dans 8 j');
    assert.equal(formatAge(40 * second, 'C'), '40 s ago');
  });

  it('never throw on a finite number, and show a dash for a date beyond the range of `Date`', () => {
    const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(anyNumber, number => {
        for (const format of [formatAge, formatIn, formatSpan, formatDate])
          assert.equal(typeof format(number, 'en'), 'string');
        formatCountdown(number);
      }),
    );
    assert.equal(formatDate(9e15, 'en'), '–');
    assert.equal(formatDate(Number.NaN, 'en'), '–');
  });

  it('name the given time zone', () => {
    assert.equal(formatDate(Date.UTC(2026, 11, 1), 'en-GB', 'UTC'), '1 Dec, 00:00 UTC');
    assert.equal(formatDate(Date.UTC(2026, 11, 1), 'en-GB', 'Asia/Tokyo').slice(0, 12), '1 Dec, 09:00');
  });
});
