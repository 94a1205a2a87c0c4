import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hourMs, noon, refusal } from './refusals.ts';
import { billingSwitch, ever, tally, total } from './tallies.ts';
import { TemporaryLedger } from './temporaryLedger.ts';

describe('ledger on disk', () => {
  let temporary: TemporaryLedger;
  beforeEach(() => {
    temporary = new TemporaryLedger();
  });
  afterEach(() => temporary.clear());

  it('keeps everything when it is closed and opened again', () => {
    const before = temporary.open();
    before.recordRefusals([refusal()]);
    before.recordTallies([tally()]);
    before.recordSwitch(billingSwitch());
    before.writePart('a1', 'credits', { value: '{"used":1}', asOf: noon });
    before.recordBalance('a1', noon, 12_000_000_000);
    before.setPreference('session', 's1');
    before.close();
    const after = temporary.open();
    assert.deepEqual(after.health, { kind: 'ok' });
    assert.deepEqual(after.lastRefusals(50), [refusal()]);
    assert.deepEqual(after.lastTallies(50), [tally()]);
    assert.deepEqual(after.tallyTotals(noon), [total()]);
    assert.deepEqual(after.switchesWithin(ever, 50), [billingSwitch()]);
    assert.deepEqual(after.readPart('a1', 'credits'), { value: '{"used":1}', asOf: noon });
    assert.deepEqual(after.balancesSince('a1', 0), [{ at: noon, usedNanoUsd: 12_000_000_000 }]);
    assert.equal(after.getPreference('session'), 's1');
  });

  it('has files and a folder that only the user can read', function () {
    if (process.platform === 'win32') this.skip();
    temporary.open().recordRefusals([refusal()]);
    assert.equal(statSync(temporary.directory).mode & 0o777, 0o700);
    const names = readdirSync(temporary.directory).sort();
    assert.deepEqual(names, ['ledger.db', 'ledger.db-shm', 'ledger.db-wal']);
    for (const name of names)
      assert.equal(statSync(join(temporary.directory, name)).mode & 0o777, 0o600, name);
  });

  it('reads each part of each account as it was last written, and undefined for a missing one', () => {
    const ledger = temporary.open();
    ledger.writePart('a1', 'credits', { value: '1', asOf: noon });
    ledger.writePart('a1', 'jobs', { problem: '{}' });
    ledger.writePart('a2', 'credits', {});
    ledger.writePart('a1', 'credits', { value: '2', asOf: noon + 1, problem: '' });
    assert.deepEqual(
      ledger.readParts('a1'),
      new Map([
        ['credits', { value: '2', asOf: noon + 1, problem: '' }],
        ['jobs', { problem: '{}' }],
      ]),
    );
    assert.deepEqual(ledger.readPart('a2', 'credits'), {});
    assert.equal(ledger.readPart('a2', 'jobs'), undefined);
  });

  it('forgets one account with its parts and balances', () => {
    const ledger = temporary.open();
    for (const account of ['a1', 'a2']) {
      ledger.writePart(account, 'credits', { value: '1' });
      ledger.recordBalance(account, noon, 1);
    }
    ledger.forgetAccount('a1');
    assert.equal(ledger.readParts('a1').size, 0);
    assert.deepEqual(ledger.balancesSince('a1', 0), []);
    assert.equal(ledger.readParts('a2').size, 1);
    assert.equal(ledger.balancesSince('a2', 0).length, 1);
  });

  it('returns balances from `since` on in the order of time', () => {
    const ledger = temporary.open();
    for (const offset of [2, 0, 1]) ledger.recordBalance('a1', noon + offset, offset);
    assert.deepEqual(ledger.balancesSince('a1', noon + 1), [
      { at: noon + 1, usedNanoUsd: 1 },
      { at: noon + 2, usedNanoUsd: 2 },
    ]);
  });

  it('deletes a preference that is set to undefined', () => {
    const ledger = temporary.open();
    assert.equal(ledger.getPreference('session'), undefined);
    ledger.setPreference('session', 's1');
    ledger.setPreference('session', 's2');
    assert.equal(ledger.getPreference('session'), 's2');
    ledger.setPreference('session', undefined);
    assert.equal(ledger.getPreference('session'), undefined);
  });

  it('gives a lease to another holder only after its end or its release', () => {
    const ledger = temporary.open();
    assert.equal(ledger.acquireLease('poller', 'one', noon, 1_000), true);
    assert.equal(ledger.acquireLease('poller', 'two', noon + 999, 1_000), false);
    assert.equal(ledger.acquireLease('poller', 'one', noon + 999, 1_000), true, 'renewed');
    assert.equal(ledger.acquireLease('poller', 'two', noon + 1_998, 1_000), false);
    assert.equal(ledger.acquireLease('poller', 'two', noon + 1_999, 1_000), true);
    ledger.releaseLease('poller', 'one');
    assert.equal(ledger.acquireLease('poller', 'one', noon + 2_000, 1_000), false, 'not the holder');
    ledger.releaseLease('poller', 'two');
    assert.equal(ledger.acquireLease('poller', 'one', noon + 2_000, 1_000), true);
  });

  it('ignores a lease that was taken with a clock an hour ahead', () => {
    const ledger = temporary.open();
    ledger.acquireLease('poller', 'one', noon + hourMs, 60_000);
    assert.equal(ledger.acquireLease('poller', 'two', noon, 60_000), true);
  });

  it('neither logs, throws nor writes after it was closed', () => {
    const ledger = temporary.open();
    ledger.close();
    ledger.close();
    ledger.recordRefusals([refusal()]);
    assert.equal(ledger.acquireLease('poller', 'one', noon, 1_000), true);
    assert.deepEqual(temporary.lines, []);
    assert.equal(readFileSync(temporary.path).includes('We had to rate limit you'), false);
  });
});

describe('ledger of several processes', () => {
  let temporary: TemporaryLedger;
  beforeEach(() => {
    temporary = new TemporaryLedger();
  });
  afterEach(() => temporary.clear());

  it('counts every refusal once when two write at once', async () => {
    const others = await Promise.all([temporary.sharing(), temporary.sharing()]);
    const count = 400;
    const healths = await Promise.all(
      others.map((other, index) =>
        other.run({
          do: 'recordOneByOne',
          refusals: Array.from({ length: count }, (_, i) =>
            refusal({ at: noon + i, model: `org/${index}-${i % 50}` }),
          ),
        }),
      ),
    );
    assert.deepEqual(healths, [{ kind: 'ok' }, { kind: 'ok' }]);
    const ledger = temporary.open();
    const rows = ledger.lastRefusals(10_000);
    assert.deepEqual(
      rows.map(row => row.count),
      Array.from({ length: 100 }, () => 8),
    );
  });

  it('counts every tally once when two write at once', async () => {
    const others = await Promise.all([temporary.sharing(), temporary.sharing()]);
    const tallies = Array.from({ length: 400 }, () => tally());
    const healths = await Promise.all(
      others.map(other => other.run({ do: 'recordTalliesOneByOne', tallies })),
    );
    assert.deepEqual(healths, [{ kind: 'ok' }, { kind: 'ok' }]);
    const ledger = temporary.open();
    assert.equal(ledger.lastTallies(10_000).length, 2 * tallies.length);
    const [{ requests, costNanoUsd } = total()] = ledger.tallyTotals(0);
    assert.deepEqual([requests, costNanoUsd], [800, 800 * 120_000]);
  });

  it('is created by four at once', async () => {
    const others = await Promise.all(Array.from({ length: 4 }, () => temporary.process()));
    const healths = await Promise.all(
      others.map(other => other.run({ do: 'open', directory: temporary.directory, now: noon })),
    );
    assert.deepEqual(
      healths,
      others.map(() => ({ kind: 'ok' })),
    );
  });

  it('gives a lease to one of them', async () => {
    const others = await Promise.all([temporary.sharing(), temporary.sharing(), temporary.sharing()]);
    const acquired = await Promise.all(
      others.map((other, index) =>
        other.run({ do: 'acquireLease', name: 'poller', holder: `p${index}`, now: noon, ttlMs: 1_000 }),
      ),
    );
    assert.deepEqual(acquired.filter(Boolean), [true]);
    const ledger = temporary.open();
    assert.equal(ledger.acquireLease('poller', 'here', noon + 999, 1_000), false);
    assert.equal(ledger.acquireLease('poller', 'here', noon + 1_000, 1_000), true);
  });

  it('has another data version after another process has written', async () => {
    const ledger = temporary.open();
    const other = await temporary.sharing();
    const before = ledger.dataVersion();
    assert.equal(ledger.dataVersion(), before);
    await other.run({ do: 'writePart', account: 'a1', part: 'credits', stored: { value: '1', asOf: noon } });
    assert.notEqual(ledger.dataVersion(), before);
    assert.deepEqual(ledger.readPart('a1', 'credits'), { value: '1', asOf: noon });
    const after = ledger.dataVersion();
    await other.run({ do: 'recordSwitch', billingSwitch: billingSwitch() });
    assert.notEqual(ledger.dataVersion(), after);
    assert.deepEqual(ledger.switchesWithin(ever, 9), [billingSwitch()]);
  });

  it('keeps one row of a refusal that two of them saw', async () => {
    const ledger = temporary.open();
    const other = await temporary.sharing();
    ledger.recordRefusals([refusal()]);
    await other.run({ do: 'record', refusals: [refusal({ at: noon + 500, source: 'terminal' })] });
    assert.deepEqual(ledger.lastRefusals(9), [refusal()]);
  });
});
