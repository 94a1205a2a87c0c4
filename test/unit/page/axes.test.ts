import assert from 'node:assert/strict';
import { binAt, labelledBins, yAxis } from '../../../src/page/charts/axes.ts';

describe('the axes of a chart', () => {
  it('begin at zero and end at a round value above the greatest one', () => {
    const { scale, ticks } = yAxis(0.17e9, 'nano-usd', 200);
    assert.deepEqual(ticks, [0, 5e7, 1e8, 1.5e8, 2e8]);
    assert.deepEqual(scale.domain(), [0, 2e8]);
  });

  it('count in whole numbers', () => {
    assert.deepEqual(yAxis(1, 'refusals', 200).ticks, [0, 1, 2, 3]);
    assert.deepEqual(yAxis(0, 'requests', 200).ticks, [0, 1, 2, 3]);
  });

  it('have room without any amount, and with one of $12,345.67', () => {
    assert.ok(yAxis(0, 'nano-usd', 200).ticks.length > 1);
    assert.equal(yAxis(12_345.67e9, 'nano-usd', 200).ticks.at(-1), 15_000e9);
  });

  it('label few bins, evenly, and always the last one', () => {
    const days = (count: number) => Array(count).fill('Nov 27');
    assert.deepEqual(labelledBins(days(30), 400), [4, 9, 14, 19, 24, 29]);
    assert.deepEqual(labelledBins(Array(30).fill('Fri, Nov 27'), 400), [9, 19, 29]);
    assert.deepEqual(labelledBins(days(3), 400), [0, 1, 2]);
    assert.deepEqual(labelledBins(days(366), 10), [365]);
    assert.deepEqual(labelledBins([], 400), []);
  });

  it('find the bin below the pointer, at the edges too', () => {
    assert.equal(binAt(0.5, 30), 15);
    assert.equal(binAt(-0.2, 30), 0);
    assert.equal(binAt(1, 30), 29);
  });
});
