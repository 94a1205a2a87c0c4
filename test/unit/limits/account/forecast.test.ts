import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type BalanceSample, forecastDays, forecastMonth } from '../../../../src/limits/account/forecast.ts';

const hour = 3_600_000;
const day = 24 * hour;
// a Thursday; September has 30 days
const october = Date.UTC(2026, 9, 1);
const november = Date.UTC(2026, 10, 1);
const usd = (amount: number) => Math.round(amount * 1e9);

/** Hourly samples of `spend` per hour in a span. */
function sampled(from: number, until: number, spend: (at: number) => number): BalanceSample[] {
  const samples: BalanceSample[] = [];
  let used = 0;
  for (let at = from; at <= until; at += hour) {
    if (new Date(at).getUTCDate() === 1 && at % day === 0) used = 0;
    samples.push({ at, usedNanoUsd: Math.round(used) });
    used += spend(at);
  }
  return samples;
}

const steady = () => usd(0.01);
const on = (date: number) => october + (date - 1) * day;

describe('the forecast of a month', () => {
  it('draws on at the pace of the month so far, and tells when the credits are gone', () => {
    const forecast = forecastMonth(sampled(october, on(11), steady), usd(4.8), on(11));
    assert.equal(forecast?.monthNanoUsd.likely, usd(31 * 0.24));
    assert.equal(forecast?.runsOutAt?.likely, on(21));
    assert.equal(forecast?.unusedNanoUsd, undefined);
  });

  it('tells what lapses when the credits last', () => {
    const forecast = forecastMonth(sampled(october, on(11), steady), usd(10), on(11));
    assert.equal(forecast?.runsOutAt, undefined);
    assert.equal(forecast?.unusedNanoUsd, usd(10 - 31 * 0.24));
  });

  it('does not spread one busy day over the rest of the month', () => {
    const friday = (at: number) => (at >= on(16) && at < on(17) ? usd(0.1) : usd(0.001));
    const forecast = forecastMonth(sampled(october, on(17), friday), usd(10), on(17));
    assert.ok((forecast?.monthNanoUsd.likely ?? 0) < usd(5.5));
    assert.equal(forecast?.runsOutAt, undefined);
  });

  it('knows free weekends once two weeks are known', () => {
    const weekdays = (at: number) => (((Math.floor(at / day) + 4) % 7) % 6 === 0 ? 0 : usd(0.01));
    const september = Date.UTC(2026, 8, 1);
    // the 10th and 11th are a weekend: a line from the 1st sees 5 working days in 7
    const forecast = forecastMonth(sampled(september, on(10), weekdays), usd(100), on(10));
    const workingDays = 22;
    assert.ok(Math.abs((forecast?.monthNanoUsd.likely ?? 0) - usd(workingDays * 0.24)) < usd(0.25));
  });

  it('counts from the first day of use when the days before were idle', () => {
    const late = (at: number) => (at >= on(8) ? usd(0.01) : 0);
    const forecast = forecastMonth(sampled(october, on(13), late), usd(100), on(13));
    assert.equal(forecast?.monthNanoUsd.likely, usd(24 * 0.24));
  });

  it('is told day by day, from the last sample to the month’s end', () => {
    const uneven = (at: number) => (Math.floor(at / day) % 2 === 0 ? usd(0.01) : usd(0.002));
    const samples = sampled(october, on(11) + 5 * hour, uneven);
    const days = forecastDays(samples, on(11) + 5 * hour);
    const [first, ...later] = days;
    const used = samples.at(-1)?.usedNanoUsd;
    assert.deepEqual(first, { at: on(11) + 5 * hour, low: used, likely: used, high: used });
    assert.deepEqual(
      later.map(({ at }) => at),
      Array.from({ length: 21 }, (_, index) => on(12 + index)),
    );
    const { at, ...end } = later.at(-1) ?? assert.fail();
    assert.equal(at, november);
    assert.deepEqual(end, forecastMonth(samples, undefined, on(11) + 5 * hour)?.monthNanoUsd);
    const widths = days.map(({ low = 0, high = 0 }) => high - low);
    assert.ok(widths.every((width, index) => width >= (widths[index - 1] ?? 0)));
  });

  it('is not told day by day while too little is known', () => {
    assert.deepEqual(forecastDays([], on(11)), []);
    assert.deepEqual(forecastDays(sampled(october, on(1) + 5 * hour, steady), on(1) + 5 * hour), []);
  });

  it('takes a fall for settled placeholders', () => {
    const samples = sampled(october, on(11), steady);
    const held = samples.map(({ at, usedNanoUsd }, index) => ({
      at,
      usedNanoUsd: usedNanoUsd + (index % 3 === 1 ? usd(0.1) : 0),
    }));
    assert.deepEqual(forecastMonth(held, usd(4.8), on(11)), forecastMonth(samples, usd(4.8), on(11)));
  });

  it('takes an amount of last month, still told on the 1st, for nothing', () => {
    const samples = sampled(october, on(11), steady);
    const lagging = [{ at: october + 60_000, usedNanoUsd: usd(40) }, ...samples.slice(1)];
    const gone = forecastMonth(lagging, usd(4.8), on(11))?.runsOutAt?.likely ?? 0;
    assert.ok(Math.abs(gone - on(21)) <= hour);
  });

  it('has an interval that is wide where days differ, and none before three days', () => {
    const wild = (at: number) => (Math.floor(at / day) % 3 === 0 ? usd(0.03) : usd(0.0001));
    const calm = forecastMonth(sampled(october, on(11), steady), usd(4.8), on(11));
    const range = forecastMonth(sampled(october, on(11), wild), usd(4.8), on(11));
    assert.equal(calm?.monthNanoUsd.high, calm?.monthNanoUsd.likely);
    assert.ok((range?.monthNanoUsd.high ?? 0) > (range?.monthNanoUsd.likely ?? 0) + usd(1));
    assert.ok((range?.runsOutAt?.low ?? Number.POSITIVE_INFINITY) < (range?.runsOutAt?.likely ?? 0));
    const early = forecastMonth(sampled(october, on(3), steady), usd(1), on(3));
    assert.equal(early?.monthNanoUsd.high, undefined);
  });

  it("compares today with a fair day's share", () => {
    const forecast = forecastMonth(
      sampled(october, on(11) + 12 * hour, steady),
      usd(7.5),
      on(11) + 12 * hour,
    );
    assert.equal(forecast?.todayNanoUsd, usd(0.12));
    assert.equal(forecast?.fairTodayNanoUsd, usd((7.5 - 2.4) / 21));
  });

  it('goes on over a gap: what was spent while nobody looked counts', () => {
    const samples = sampled(october, on(11), steady).filter(({ at }) => at <= on(4) || at >= on(9));
    assert.equal(forecastMonth(samples, usd(4.8), on(11))?.runsOutAt?.likely, on(21));
  });

  it('says nothing in the first 3 % of the month, from less than an hour, and from nothing', () => {
    assert.equal(
      forecastMonth(sampled(october, on(1) + 22 * hour, steady), usd(1), on(1) + 22 * hour),
      undefined,
    );
    assert.equal(forecastMonth(sampled(on(11), on(11) + hour / 2, steady), usd(1), on(11) + hour), undefined);
    assert.equal(forecastMonth([], usd(1), on(11)), undefined);
  });

  it('is made of ordered, finite numbers within the month, whatever the samples', () => {
    const sample = fc.record({
      at: fc.integer({ min: october - 35 * day, max: november + day }),
      usedNanoUsd: fc.integer({ min: 0, max: 1e14 }),
    });
    const now = fc.integer({ min: october, max: november - 1 });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), now, fc.nat(), (samples, at, whole) => {
        const forecast = forecastMonth(samples, whole, at);
        if (!forecast) return;
        const { monthNanoUsd, runsOutAt, ...rest } = forecast;
        const { low = monthNanoUsd.likely, likely, high = likely } = monthNanoUsd;
        assert.ok(low <= likely && likely <= high && low >= 0);
        for (const value of [low, likely, high, ...Object.values(rest)])
          assert.ok(Number.isSafeInteger(value));
        if (!runsOutAt) return;
        const { low: earliest = runsOutAt.likely, high: latest = runsOutAt.likely } = runsOutAt;
        assert.ok(earliest <= runsOutAt.likely && runsOutAt.likely <= latest && latest < november);
      }),
    );
  });
});
