import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  centsToNano,
  formatUsd,
  formatUsdPerHour,
  microUsdToNano,
} from '../../../../src/limits/account/money.ts';

describe('money', () => {
  it('becomes whole nano-USD from micro-USD and from fractional cents', () => {
    assert.equal(microUsdToNano(413_333), 413_333_000);
    assert.equal(centsToNano(4.2), 42_000_000);
    assert.equal(centsToNano(123.4), 1_234_000_000);
    assert.equal(centsToNano(0.0001), 1000);
    assert.ok(Object.is(microUsdToNano(-0), 0));
  });

  it('throws for what is no amount, instead of 0', () => {
    for (const broken of [Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
      assert.throws(() => microUsdToNano(broken), RangeError);
      assert.throws(() => centsToNano(broken), RangeError);
    }
  });

  it('is the same after the way to nano-USD and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), amount => {
        assert.equal(microUsdToNano(amount) / 1000, amount);
        assert.equal(Math.round(centsToNano(amount / 100) / 1e5), amount);
        assert.equal(centsToNano(amount / 1e4), microUsdToNano(amount));
      }),
    );
  });

  for (const [nano, shown] of [
    [0, '$0.00'],
    [1, '<$0.01'],
    [9_999_999, '<$0.01'],
    [10_000_000, '$0.01'],
    [1_630_000_000, '$1.63'],
    [1_234_567_890_000, '$1,234.57'],
  ] as const) {
    it(`of ${nano} nano-USD is shown as ${shown}`, () => {
      assert.equal(formatUsd(nano, 'en'), shown);
    });
  }

  it('is shown in the form of the locale, in English for an unknown one', () => {
    assert.equal(formatUsd(1_630_000_000, 'de').replace(/\s/g, ' '), '1,63 $');
    assert.equal(formatUsd(5, 'de').replace(/\s/g, ' '), '<0,01 $');
    assert.equal(formatUsd(1_630_000_000, 'en_US.UTF-8'), '$1.63');
  });

  it('per hour keeps the third decimal of HF’s prices', () => {
    assert.equal(formatUsdPerHour(0.8, 'en'), '$0.80/h');
    assert.equal(formatUsdPerHour(0.033, 'en'), '$0.033/h');
    assert.equal(formatUsdPerHour(0, 'en'), '$0.00/h');
  });
});
