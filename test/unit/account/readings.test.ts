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

const quota = (remainingSeconds: number) => ({ totalSeconds: 240, remainingSeconds });

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
    const part = { value: quota(1), asOf: noon, problem };
    const mine = readings();
    mine.put('zero-gpu', part);
    assert.equal(mine.get('zero-gpu'), part);
    assert.deepEqual(readings().get('zero-gpu'), part);
    assert.deepEqual(readings(temporary.open(), 'bob').get('zero-gpu'), {});
    assert.equal(readings(temporary.open(), 'bob').has('zero-gpu'), false);
  });

  it("include another window's after reload, which returns whether any differs", () => {
    const [mine, other] = [readings(), readings()];
    assert.equal(mine.reload(), false);
    other.put('zero-gpu', { value: quota(1), asOf: noon });
    assert.deepEqual(mine.get('zero-gpu'), {});
    assert.equal(mine.reload(), true);
    assert.deepEqual(mine.get('zero-gpu').value, quota(1));
    assert.equal(mine.reload(), false);
  });

  it('that did not change stay the same objects', () => {
    const ledger = temporary.open();
    readings(ledger).put('zero-gpu', { value: quota(1), asOf: noon });
    const mine = readings(ledger);
    const { value } = mine.get('zero-gpu');
    assert.deepEqual(value, quota(1));
    readings().put('clock-skew', { value: 2, asOf: noon + 1 });
    assert.equal(mine.reload(), true);
    assert.equal(mine.get('zero-gpu').value, value);
  });

  it('that were deleted are gone after reload', () => {
    const ledger = temporary.open();
    const mine = readings(ledger);
    mine.put('zero-gpu', { value: quota(1), asOf: noon });
    ledger.forgetAccount('ada');
    assert.equal(mine.reload(), true);
    assert.equal(mine.has('zero-gpu'), false);
  });

  it('of another format are not read', () => {
    const ledger = temporary.open();
    ledger.writePart('ada', 'v0/zero-gpu', { value: '"old"', asOf: noon });
    ledger.writePart('ada', 'zero-gpu', { value: '"older"', asOf: noon });
    assert.equal(readings(ledger).has('zero-gpu'), false);
    assert.deepEqual(warnings, []);
  });

  it('that are malformed, or of another form, are logged once and read as missing', () => {
    const ledger = temporary.open();
    const long = 'x'.repeat(5_000);
    ledger.writePart('ada', 'v1/zero-gpu', { value: '{"totalSeconds":', asOf: noon });
    ledger.writePart('ada', 'v1/clock-skew', { value: '1', asOf: noon, problem: 'not JSON' });
    ledger.writePart('ada', 'v1/jobs', { value: `{"usedNanoUsd":"${long}"}`, asOf: noon });
    ledger.writePart('ada', 'v1/live', { value: '{"asOf":2}', asOf: noon });
    const mine = readings(ledger);
    assert.deepEqual(
      ['zero-gpu', 'clock-skew', 'jobs'].map(name => mine.get(name)),
      [{}, {}, {}],
    );
    assert.deepEqual(mine.get('live').value, { asOf: 2 });
    mine.reload();
    assert.equal(warnings.length, 3);
    assert.ok(warnings.some(line => line.includes('another form at usedNanoUsd')));
    assert.doesNotMatch(warnings.join(), /xxx/);
    mine.put('zero-gpu', { value: quota(3), asOf: noon + 1 });
    assert.deepEqual(readings().get('zero-gpu').value, quota(3));
  });
});
