import assert from 'node:assert/strict';
import { panelsAsCsv, panelsAsJson } from '../../../../src/view/dashboard/tableExport.ts';

type Panels = Parameters<typeof panelsAsCsv>[0];

const spend: Panels[number] = {
  id: 'spend',
  title: 'Spend, by model',
  source: 'counted-here',
  table: {
    columns: [
      { id: 'model', label: 'Modell', isNumber: false },
      { id: 'cost_nano_usd', label: 'Kosten', isNumber: true },
    ],
    rows: [
      [{ text: 'gpt-oss "20b", small' }, { text: '0,12 $', value: 123_456_789 }],
      [{ text: 'unknown' }, { text: '–', value: null }],
    ],
  },
};

describe('exports of the dashboard', () => {
  it('CSV: English column ids, exact amounts, quotes doubled, and nothing where nothing is known', () => {
    assert.equal(
      panelsAsCsv([spend]),
      'model,cost_nano_usd\r\n"gpt-oss ""20b"", small",123456789\r\nunknown,\r\n',
    );
  });

  it('CSV: names that begin like a formula are text', () => {
    for (const name of ['=HYPERLINK("x")', '+1', '-1', '@SUM(A1)', '\tx']) {
      const rows = [[{ text: name }, { text: '-3', value: -3 }]];
      const [, line = ''] = panelsAsCsv([{ ...spend, table: { ...spend.table, rows } }]).split(/\r\n/);
      assert.match(line, /^"?'/);
      assert.match(line, /,-3$/);
    }
  });

  it('CSV: several tables follow each other, each below its title', () => {
    assert.match(panelsAsCsv([spend, spend]), /^"Spend, by model"\r\nmodel.*\r\n\r\n"Spend, by model"\r\n/s);
  });

  it('JSON: by ids, with the source', () => {
    assert.deepEqual(JSON.parse(panelsAsJson([spend])), {
      spend: {
        source: 'counted-here',
        rows: [
          { model: 'gpt-oss "20b", small', cost_nano_usd: 123_456_789 },
          { model: 'unknown', cost_nano_usd: null },
        ],
      },
    });
  });
});
