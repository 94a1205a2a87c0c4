import assert from 'node:assert/strict';
import { formatAddress } from '../../../../src/view/refusals/refusalAddress.ts';
import { parseTabLabel } from '../../../../src/view/refusals/refusalTabLabel.ts';
import { at } from '../../limits/refusals/refusalCases/refusalCase.ts';

describe('the label of a refusal’s tab', () => {
  it('tells status and second, also of a rendered document and in other languages', () => {
    const name = formatAddress({ at: at + 321, status: 429, source: 'terminal', index: 1 }).path.slice(1);
    for (const label of [name, `Preview ${name}`, `Vorschau „${name}`, `[Preview] ${name}`]) {
      assert.deepEqual(parseTabLabel(label), { status: 429, at });
    }
  });

  it('is no other document’s', () => {
    for (const label of ['', 'README.md', 'Preview 429.md', '429 at 2026-99-99 99.99.99 UTC.md']) {
      assert.equal(parseTabLabel(label), undefined);
    }
  });
});
