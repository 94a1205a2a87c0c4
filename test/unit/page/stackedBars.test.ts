import assert from 'node:assert/strict';
import { binRows } from '../../../src/page/charts/binRows.ts';
import { barsPath, binTotal, greatestTotal, stackedBars } from '../../../src/page/charts/stackedBars.ts';

const series = (id: string, ...values: (number | null)[]) => ({ id, label: id.toUpperCase(), values });
const others = (count: number) => `${count} others`;

describe('stacked bars', () => {
  const two = [series('a', 1, null, 3), series('b', 2, null, 0)];

  it('stand on each other, in the order of the series', () => {
    assert.deepEqual(
      stackedBars(two).map(({ series, bars }) => [series.id, bars]),
      [
        [
          'a',
          [
            { bin: 0, from: 0, until: 1 },
            { bin: 2, from: 0, until: 3 },
          ],
        ],
        ['b', [{ bin: 0, from: 1, until: 3 }]],
      ],
    );
  });

  it('are one shape for each series, and a tiny amount still shows', () => {
    const geometry = { left: (bin: number) => bin * 10, width: 8, y: (value: number) => 100 - value };
    assert.equal(barsPath([{ bin: 1, from: 0, until: 40 }], geometry), 'M10,100v-40h8v40z');
    assert.equal(barsPath([{ bin: 0, from: 0, until: 1e-9 }], geometry), 'M0,100v-0.75h8v0.75z');
  });

  it('have no total where nothing is known, which is not zero', () => {
    assert.equal(binTotal(two, 0), 3);
    assert.equal(binTotal(two, 1), null);
    assert.equal(binTotal([series('a', 0)], 0), 0);
    assert.equal(greatestTotal(two), 3);
    assert.equal(greatestTotal([]), 0);
  });
});

describe('the values of a bin', () => {
  it('name the greatest first, without zeros, and end with the total', () => {
    const rows = binRows([series('a', 1), series('b', 5), series('c', 0)], 0, others, 'Total');
    assert.deepEqual(
      rows.map(({ label, value }) => [label, value]),
      [
        ['B', 5],
        ['A', 1],
        ['Total', 6],
      ],
    );
  });

  it('sum up small ones when there are many', () => {
    const many = Array.from({ length: 12 }, (_, index) => series(`s${index}`, 12 - index));
    const rows = binRows(many, 0, others, 'Total');
    assert.equal(rows.length, 8);
    assert.deepEqual(
      rows.slice(-2).map(({ label, value }) => [label, value]),
      [
        ['6 others', 21],
        ['Total', 78],
      ],
    );
  });

  it('are not known together', () => {
    assert.deepEqual(
      binRows([series('a', null), series('b', null)], 0, others, 'Total').map(({ value }) => value),
      [null],
    );
    assert.deepEqual(
      binRows([series('a', null)], 0, others, 'Total').map(({ value }) => value),
      [null],
    );
  });
});
