import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  addressOf,
  findRefusal,
  formatAddress,
  parseAddress,
} from '../../../../src/view/refusals/refusalAddress.ts';
import { anyRefusal } from '../../ledger/refusals.ts';
import { at } from '../../limits/refusals/refusalCases/refusalCase.ts';
import { refusal } from '../builders.ts';

describe('a refusal’s address', () => {
  it('finds the refusal again, also among several of one time', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyRefusal, { minLength: 1, selector: each => JSON.stringify(each) }),
        all => {
          const refusals = all.sort((one, other) => other.at - one.at);
          for (const each of refusals) {
            const address = addressOf(
              each,
              refusals.filter(other => other.at === each.at),
            );
            const { query } = formatAddress(address);
            assert.deepEqual(parseAddress(query), address);
            assert.equal(findRefusal(address, refusals), each);
          }
        },
      ),
    );
  });

  it('stays when the refusal gets more facts, and when newer ones come', () => {
    const first = refusal({ cause: 'unknown' });
    const known = refusal({ cause: 'tokens', limit: 7 });
    assert.equal(findRefusal(addressOf(first, [first]), [refusal({ scope: 'newer' }), known]), known);
  });

  it('is a Markdown file name; a wrong query has none', () => {
    assert.deepEqual(formatAddress({ at, status: 429, source: 'terminal', index: 0 }), {
      path: '/429 at 2026-10-14 09.30.00 UTC.md',
      query: `at=${at}&status=429&source=terminal&index=0`,
    });
    for (const query of [
      '',
      'at=1',
      'at=x&status=429&source=terminal&index=0',
      `at=${at}&status=429&source=mars&index=0`,
    ]) {
      assert.equal(parseAddress(query), undefined);
    }
  });
});
