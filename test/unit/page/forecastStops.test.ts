import assert from 'node:assert/strict';
import {
  forecastStops,
  greatestAmount,
  labelledDays,
  nearestStop,
} from '../../../src/page/charts/forecastStops.ts';

const dayMs = 86_400_000;
const from = Date.UTC(2026, 10, 1);
const until = Date.UTC(2026, 11, 1);
const at = (day: number, hour = 0) => from + day * dayMs + hour * 3_600_000;
const chart = {
  kind: 'forecast' as const,
  from,
  until,
  points: [
    { at: at(0, 3), nanoUsd: 1 },
    { at: at(0, 20), nanoUsd: 2 },
    { at: at(1, 9), nanoUsd: null },
    { at: at(2, 9), nanoUsd: 5 },
  ],
  band: [
    { at: at(2, 9), low: 5, likely: 5, high: 5 },
    { at: at(3), low: 5, likely: 6, high: 9 },
  ],
  marks: [{ id: 'budget', label: 'Budget', nanoUsd: 7 }],
};

describe('the forecast chart', () => {
  it('is looked at day by day: the last reading of each, then what is expected', () => {
    assert.deepEqual(forecastStops(chart), [
      { at: at(0, 20), spent: 2 },
      { at: at(1, 9), spent: null },
      { at: at(2, 9), spent: 5 },
      { at: at(3), expected: { low: 5, likely: 6, high: 9 } },
    ]);
  });

  it('has no stops in an empty month', () => {
    const empty = { ...chart, points: [], band: [], marks: [] };
    assert.deepEqual(forecastStops(empty), []);
    assert.equal(nearestStop([], at(4)), 0);
    assert.equal(greatestAmount(empty), 0);
  });

  it('finds the stop nearest to the pointer', () => {
    const stops = forecastStops(chart);
    assert.equal(nearestStop(stops, at(2)), 2);
    assert.equal(nearestStop(stops, at(29)), 3);
  });

  it('holds spend, band and marks', () => {
    assert.equal(greatestAmount(chart), 9);
  });

  it('labels few days, from the first of the month on', () => {
    const days = labelledDays(from, until, 400).map(day => new Date(day).getUTCDate());
    assert.deepEqual(days, [1, 8, 15, 22, 29]);
    assert.deepEqual(labelledDays(from, until, 10), [from]);
  });
});
