import assert from 'node:assert/strict';
import fc from 'fast-check';
import { needleScan } from '../../../src/watch/needles.ts';

const needles = ['HTTP/2 429', 'rate limit', 'Rate limit', 'aaaaaaaab'];
const find = needleScan(needles);

function naive(text: string, from: number): number {
  const found = needles.map(needle => text.indexOf(needle.slice(0, 8), from)).filter(index => index >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
}

describe('the scan for needles', () => {
  it('finds what a search for each of them finds, wherever it stands', () => {
    const piece = fc.oneof(
      fc.constantFrom(...needles, 'rate limi', 'aaaaaaa', 'Rate', ' ', '\n', '😀', 'ĲTTP/2 4'),
      fc.string({ maxLength: 9 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(30), (pieces, from) => {
        const text = pieces.join('');
        const found = find(text, from);
        // of two that overlap it may meet the later one first
        assert.equal(found >= 0, naive(text, from) >= 0);
        if (found >= 0) assert.ok(needles.some(needle => text.startsWith(needle.slice(0, 8), found)));
      }),
      { numRuns: 3_000 },
    );
  });

  it('finds one across the spans of a long text', () => {
    const spans = [4_090, 69_590, 135_090];
    for (const span of spans)
      for (let before = span; before < span + 20; before++)
        assert.equal(find(`${'x'.repeat(before)}rate limit`, 0), before);
  });

  it('wants needles that it can look for', () => {
    assert.throws(() => needleScan(['short']), /short/);
    assert.throws(() => needleScan(['größer als']), /größer/);
  });
});
