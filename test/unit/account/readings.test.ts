import assert from 'node:assert/strict';
import { Readings } from '../../../src/account/readings.ts';
import type { Problem } from '../../../src/account/snapshot.ts';
import { noon } from '../ledger/refusals.ts';
import { TemporaryLedger } from '../ledger/temporaryLedger.ts';

const problem: Problem = {
  kind: 'server-error',
  message: 'GET … answered 503',
  since: 1,
  at: 2,
  failures: 2,
  nextTryAt: 3,
};

describe('readings of an account', () => {
  let temporary: TemporaryLedger;
  let warnings: string[];
  beforeEach(() => {
    temporary = new TemporaryLedger();
    warnings = [];
  });
  afterEach(() => temporary.clear());

  const log = { debug() {}, info() {}, warn: (line: string) => void warnings.push(line), error() {} };
  const readings = (ledger = temporary.open(), account = 'ada') => new Readings(ledger, account, log);

  it('are read as they were put, for their own account only', () => {
    const part = { value: { used: 1 }, asOf: noon, problem };
    const mine = readings();
    mine.put('usage', part);
    assert.equal(mine.get('usage'), part);
    assert.deepEqual(readings().get('usage'), part);
    assert.deepEqual(readings(temporary.open(), 'bob').get('usage'), {});
    assert.equal(readings(temporary.open(), 'bob').has('usage'), false);
  });

  it("include another window's after reload, which returns whether any differs", () => {
    const [mine, other] = [readings(), readings()];
    assert.equal(mine.reload(), false);
    other.put('usage', { value: 1, asOf: noon });
    assert.deepEqual(mine.get('usage'), {});
    assert.equal(mine.reload(), true);
    assert.equal(mine.get('usage').value, 1);
    assert.equal(mine.reload(), false);
  });

  it('that did not change stay the same objects', () => {
    const ledger = temporary.open();
    readings(ledger).put('usage', { value: { used: 1 }, asOf: noon });
    const mine = readings(ledger);
    const { value } = mine.get('usage');
    readings().put('jobs', { value: 2, asOf: noon + 1 });
    assert.equal(mine.reload(), true);
    assert.equal(mine.get('usage').value, value);
  });

  it('that were deleted are gone after reload', () => {
    const ledger = temporary.open();
    const mine = readings(ledger);
    mine.put('usage', { value: 1, asOf: noon });
    ledger.forgetAccount('ada');
    assert.equal(mine.reload(), true);
    assert.equal(mine.has('usage'), false);
  });

  it('of another format are not read', () => {
    const ledger = temporary.open();
    ledger.writePart('ada', 'v0/usage', { value: '"old"', asOf: noon });
    ledger.writePart('ada', 'usage', { value: '"older"', asOf: noon });
    assert.equal(readings(ledger).has('usage'), false);
    assert.deepEqual(warnings, []);
  });

  it('that are malformed are logged once and read as missing', () => {
    const ledger = temporary.open();
    ledger.writePart('ada', 'v1/usage', { value: '{"used":', asOf: noon });
    ledger.writePart('ada', 'v1/jobs', { value: '1', asOf: noon, problem: 'not JSON' });
    ledger.writePart('ada', 'v1/live', { value: '2', asOf: noon });
    const mine = readings(ledger);
    assert.deepEqual([mine.get('usage'), mine.get('jobs')], [{}, {}]);
    assert.equal(mine.get('live').value, 2);
    mine.reload();
    assert.equal(warnings.length, 2);
    mine.put('usage', { value: 3, asOf: noon + 1 });
    assert.equal(readings().get('usage').value, 3);
  });
});
