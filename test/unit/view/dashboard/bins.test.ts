import assert from 'node:assert/strict';
import { dashboardSpans, localBins, utcBins } from '../../../../src/view/dashboard/bins.ts';
import { ranges } from '../../../../src/view/dashboard/dashboardState.ts';
import { dayMs, hourMs, noon, zones } from './inputs.ts';

/** Ordinary, at the changes of summer time in Berlin and Cairo, at a year's end, and on a leap day. */
const times = [
  noon,
  Date.UTC(2026, 2, 29, 23, 30),
  Date.UTC(2026, 9, 25, 0, 30),
  Date.UTC(2026, 3, 24, 1),
  Date.UTC(2026, 0, 1, 3),
  Date.UTC(2028, 1, 29, 12),
];

describe('the dashboard’s bins', () => {
  it('follow each other without a gap, at every offset, and the last one holds now', () => {
    for (const timeZone of zones) {
      for (const now of times) {
        for (const range of ranges) {
          const bins = localBins(range, now, timeZone, 'en');
          bins.forEach(({ from, until }, index) => {
            assert.ok(from < until, `${range} in ${timeZone}`);
            assert.equal(from, bins[index - 1]?.until ?? from);
          });
          const last = bins.at(-1) ?? assert.fail();
          if (range !== 'last-month')
            assert.ok(last.from <= now && now < last.until, `${range} in ${timeZone}`);
        }
      }
    }
  });

  it('and their spans hold each hour exactly once, in both calendars', () => {
    for (const timeZone of zones) {
      for (const range of ranges) {
        const spans = dashboardSpans(range, noon, timeZone);
        const calendars = [utcBins(range, noon, 'en'), localBins(range, noon, timeZone, 'en')];
        for (const bins of calendars) {
          const [first, last] = [bins[0]?.from ?? 0, bins.at(-1)?.until ?? 0];
          for (let hour = first; hour < last; hour += hourMs) {
            const inSpans = spans.filter(({ from, until }) => from <= hour && hour < until);
            assert.equal(inSpans.length, 1, `${range} in ${timeZone}`);
            const inBins = bins.filter(({ from }) => from <= (inSpans[0]?.from ?? 0)).at(-1);
            assert.ok(inBins && inBins.from <= hour && hour < inBins.until);
          }
        }
      }
    }
  }).timeout(60_000);

  it('begin at midnight, and with the next whole hour where midnight is between two', () => {
    const today = (timeZone: string) => new Date(localBins('7-days', noon, timeZone, 'en').at(-1)?.from ?? 0);
    assert.equal(today('Europe/Berlin').toISOString(), '2026-04-12T22:00:00.000Z');
    assert.equal(today('Asia/Kolkata').toISOString(), '2026-04-12T19:00:00.000Z', 'from 00:30');
    assert.equal(today('Asia/Kathmandu').toISOString(), '2026-04-12T19:00:00.000Z', 'from 00:45');
    assert.equal(today('Etc/GMT-14').toISOString(), '2026-04-13T10:00:00.000Z');
    assert.equal(today('Etc/GMT+12').toISOString(), '2026-04-13T12:00:00.000Z');
  });

  it('are 23 or 25 hours long when summer time begins or ends', () => {
    const hours = (now: number) =>
      localBins('7-days', now, 'Europe/Berlin', 'en').map(({ from, until }) => (until - from) / hourMs);
    assert.deepEqual(hours(Date.UTC(2026, 2, 29, 12)), [24, 24, 24, 24, 24, 24, 23]);
    assert.deepEqual(hours(Date.UTC(2026, 9, 25, 12)), [24, 24, 24, 24, 24, 24, 25]);
  });

  it('begin an hour after a midnight that summer time skips', () => {
    const friday = localBins('7-days', Date.UTC(2026, 3, 24, 12), 'Africa/Cairo', 'en').at(-1);
    assert.equal(new Date(friday?.from ?? 0).toISOString(), '2026-04-23T22:00:00.000Z');
    assert.equal(((friday?.until ?? 0) - (friday?.from ?? 0)) / hourMs, 23);
  });

  it('are days, for 90 days weeks, and for a year months', () => {
    const labels = (range: (typeof ranges)[number]) => utcBins(range, noon, 'en').map(({ label }) => label);
    assert.deepEqual(labels('month').slice(-2), ['Sun, Apr 12', 'Mon, Apr 13']);
    assert.equal(labels('month').length, 13);
    assert.equal(labels('last-month').length, 31);
    assert.equal(labels('30-days').length, 30);
    assert.equal(labels('90-days').length, 13);
    assert.match(labels('90-days').at(-1) ?? '', /^Apr 7\s–\s13$/);
    assert.deepEqual([labels('year')[0], labels('year').at(-1)], ['May 2025', 'Apr 2026']);
    const [first, last] = [utcBins('90-days', noon, 'en')[0], utcBins('90-days', noon, 'en').at(-1)];
    assert.equal(((last?.until ?? 0) - (first?.from ?? 0)) / dayMs, 90);
  });

  it('have only short spans at the end, which may still change', () => {
    for (const range of ranges) {
      const recent = dashboardSpans(range, noon, 'Europe/Berlin').filter(
        ({ until }) => until > noon - 2 * hourMs,
      );
      if (range === 'last-month') assert.deepEqual(recent, []);
      else assert.ok(noon - (recent[0]?.from ?? 0) < 3 * hourMs && recent.length <= 3, range);
    }
  });
});
