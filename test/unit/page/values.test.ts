import assert from 'node:assert/strict';
import { movedCursor } from '../../../src/page/charts/movedCursor.ts';
import { resetText } from '../../../src/page/charts/resetText.ts';
import { seriesLooks } from '../../../src/page/charts/seriesLook.ts';
import { axisFormat, formatValue } from '../../../src/page/formatValue.ts';
import { parseKept, toggled } from '../../../src/page/kept.ts';
import { word } from '../../../src/page/words.ts';

describe('values on the page', () => {
  it('are money, counts and times in the reader’s form', () => {
    assert.equal(formatValue(12_345.67e9, 'nano-usd', 'en'), '$12,345.67');
    assert.equal(formatValue(400, 'nano-usd', 'en'), '<$0.01');
    assert.equal(formatValue(1_204, 'requests', 'de'), '1.204');
    assert.equal(formatValue(340.4, 'ms', 'en'), '340 ms');
    assert.equal(formatValue(1_240, 'ms', 'en'), '1.24 s');
  });

  it('stay apart on an axis, however small', () => {
    const ticks = [0, 200, 400];
    assert.deepEqual(ticks.map(axisFormat('nano-usd', ticks, 'en')), [
      '$0.0000000',
      '$0.0000002',
      '$0.0000004',
    ]);
    assert.deepEqual([0, 5e9].map(axisFormat('nano-usd', [0, 5e9], 'en')), ['$0', '$5']);
    assert.equal(axisFormat('nano-usd', [0, 15_000e9], 'en')(15_000e9), '$15K');
    assert.equal(axisFormat('tokens', [0, 2e6], 'en')(2e6), '2M');
  });

  it('are words of the extension with their places filled in', () => {
    assert.equal(word({ others: '{0} others' }, 'others', '3'), '3 others');
    assert.equal(word({}, 'total'), 'total');
  });

  it('count down within an hour, and name the time before that', () => {
    const say = (name: string, value: string) => `${name} ${value}`;
    assert.equal(resetText(112_000, 0, 'en', say), 'opensIn 1:52');
    assert.match(resetText(7_200_000, 0, 'en', say), /^opensAt /);
    assert.equal(resetText(0, 1, 'en', say), '');
  });
});

describe('keys in a chart', () => {
  it('move over its bins and stay inside', () => {
    assert.equal(movedCursor('ArrowLeft', 3, 5), 2);
    assert.equal(movedCursor('ArrowLeft', 0, 5), 0);
    assert.equal(movedCursor('PageUp', 3, 5), 4);
    assert.equal(movedCursor('Home', 3, 5), 0);
    assert.equal(movedCursor('ArrowLeft', undefined, 5), 4);
  });

  it('leave it with Escape, and leave other keys alone', () => {
    assert.equal(movedCursor('Escape', 3, 5), undefined);
    assert.equal(movedCursor('Escape', undefined, 5), 'stays');
    assert.equal(movedCursor('Tab', 3, 5), 'stays');
    assert.equal(movedCursor('ArrowLeft', undefined, 0), 'stays');
  });
});

describe('series', () => {
  it('keep their colour when others come and go', () => {
    const first = seriesLooks(new Map(), ['groq', 'novita']);
    const second = seriesLooks(first, ['novita', 'together', 'groq']);
    assert.equal(second.get('novita'), first.get('novita'));
    assert.equal(second.get('groq'), first.get('groq'));
    assert.equal(new Set(second.values()).size, 3);
  });

  it('each have a look of their own, up to twelve', () => {
    const ids = Array.from({ length: 12 }, (_, index) => String(index));
    assert.equal(new Set(seriesLooks(new Map(), ids).values()).size, 12);
  });
});

describe('what VS Code kept of the page', () => {
  it('is read when it fits, and forgotten when it does not', () => {
    const kept = { range: 'year', splits: { spend: 'model' }, hidden: {}, open: ['spend'] };
    assert.deepEqual(parseKept(kept), kept);
    const fresh = { splits: {}, hidden: {}, open: [] };
    for (const odd of [undefined, null, 'x', { ...kept, range: 'century' }, { open: 3 }]) {
      assert.deepEqual(parseKept(odd), fresh);
    }
  });

  it('toggles items of a list', () => {
    assert.deepEqual(toggled(['a'], 'b'), ['a', 'b']);
    assert.deepEqual(toggled(['a', 'b'], 'a'), ['b']);
  });
});
