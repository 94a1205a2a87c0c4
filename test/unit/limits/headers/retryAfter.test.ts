import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseRetryAfter } from '../../../../src/limits/headers/retryAfter.ts';

const now = Date.UTC(2026, 9, 14, 9, 30);

describe('Retry-After and reset headers', () => {
  for (const [value, ms] of [
    ['0', 0],
    ['30', 30_000],
    [' 2 ', 2000],
    ['33011.382867', 33_011_383],
    ['11.455', 11_455],
    ['.5', 500],
    ['2m59.56s', 179_560],
    ['7.66s', 7660],
    ['11.455s', 11_455],
    ['6m0s', 360_000],
    ['1s', 1000],
    ['20ms', 20],
    ['1h2m', 3_720_000],
    ['1µs', 1],
    ['1μs', 1],
    ['500us', 1],
    ['1ns', 0],
  ] as const) {
    it(`with ${value} mean in ${ms} ms`, () => {
      assert.equal(parseRetryAfter(value, now), now + ms);
    });
  }

  for (const [value, iso] of [
    ['2026-10-15T08:12:44.000Z', '2026-10-15T08:12:44.000Z'],
    ['2026-10-15T08:12:44+02:00', '2026-10-15T06:12:44.000Z'],
    ['2026-10-15T08:12:44', '2026-10-15T08:12:44.000Z'],
    ['2026-10-15', '2026-10-15T00:00:00.000Z'],
    ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37.000Z'],
    ['Wednesday, 14-Oct-26 09:31:00 GMT', '2026-10-14T09:31:00.000Z'],
  ] as const) {
    it(`with ${value} mean ${iso}`, () => {
      assert.equal(parseRetryAfter(value, now), Date.parse(iso));
    });
  }

  for (const garbage of [
    undefined,
    null,
    '',
    '-1',
    '-5s',
    '1e3',
    'soon',
    '5 minutes',
    '1h2',
    'm',
    '1.2.3',
    'NaN',
    'Infinity',
    '2026-13-45T00:00:00Z',
    'Sun, 31 Feb 2027 08:49:37 GMT',
    'Sun, 06 Nov 1994 25:49:37 GMT',
    'Sun, 06 Foo 1994 08:49:37 GMT',
    '99999999999',
    '9'.repeat(400),
    '3026-10-15T08:12:44Z',
  ]) {
    it(`with ${JSON.stringify(garbage)?.slice(0, 40)} mean no time`, () => {
      assert.equal(parseRetryAfter(garbage, now), undefined);
    });
  }

  it('never throw, and never mean a time more than 32 days ahead', () => {
    const tricky = fc.string({
      unit: fc.constantFrom('1', '9', '.', 'h', 'm', 's', 'µ', '-', ':', ' ', 'T', 'Z'),
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), tricky), text => {
        const at = parseRetryAfter(text, now);
        assert.ok(at === undefined || at - now <= 32 * 86_400_000);
      }),
    );
  });

  it('are read in each HTTP date and ISO date of JavaScript', () => {
    const second = fc.integer({ min: 0, max: now / 1000 + 32 * 86_400 }).map(s => s * 1000);
    fc.assert(
      fc.property(second, at => {
        assert.equal(parseRetryAfter(new Date(at).toUTCString(), now), at);
        assert.equal(parseRetryAfter(new Date(at).toISOString(), now), at);
      }),
    );
  });
});
