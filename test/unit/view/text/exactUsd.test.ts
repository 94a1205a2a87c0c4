import assert from 'node:assert/strict';
import { exactUsd } from '../../../../src/view/text/exactUsd.ts';

describe('exact amounts', () => {
  it('have two decimals, and below a cent the first two digits that say something', () => {
    const amounts = [0, 400, 120_000, 9_990_000, 10_000_000, 800_000_000, 12_345_670_000_000];
    assert.deepEqual(
      amounts.map(nanoUsd => exactUsd(nanoUsd, 'en')),
      ['$0.00', '$0.0000004', '$0.00012', '$0.01', '$0.01', '$0.80', '$12,345.67'],
    );
    assert.equal(exactUsd(400, 'de'), '0,0000004\u00a0$');
  });
});
