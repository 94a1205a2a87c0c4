import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openMemoryLedger } from '../../../src/ledger/openLedger.ts';
import { sweepEveryMs } from '../../../src/ledger/retention.ts';
import { noon, refusal } from './refusals.ts';
import { billingSwitch, ever, tally, total } from './tallies.ts';
import { TemporaryLedger } from './temporaryLedger.ts';

function assertInMemory(ledger: Ledger, reason: RegExp): void {
  assert.ok(ledger.health.kind === 'memory', JSON.stringify(ledger.health));
  assert.match(ledger.health.reason, reason);
}

const two = total({
  requests: 2,
  refused: 1,
  promptTokens: 1000,
  completionTokens: 180,
  costNanoUsd: 240_000,
});

describe('ledger without a disk', () => {
  let temporary: TemporaryLedger;
  beforeEach(() => {
    temporary = new TemporaryLedger();
  });
  afterEach(() => temporary.clear());

  it('keeps rows in memory when its folder is a file', () => {
    writeFileSync(temporary.directory, '');
    const ledger = temporary.open();
    assertInMemory(ledger, /can't be opened \(.*(EEXIST|ENOTDIR).*\): check its folder/);
    ledger.recordRefusals([refusal()]);
    ledger.writePart('a1', 'credits', { value: '1', asOf: noon });
    assert.deepEqual(ledger.lastRefusals(9), [refusal()]);
    assert.deepEqual(ledger.readPart('a1', 'credits'), { value: '1', asOf: noon });
    assert.equal(ledger.acquireLease('poller', 'one', noon, 1_000), true);
  });

  it('opens in memory, without an endless loop, in a folder where nothing can be created', function () {
    if (process.platform !== 'linux') this.skip();
    for (const directory of ['/proc/headroom', '/proc/headroom/deep/state']) {
      assertInMemory(temporary.open(directory), /can't be opened \(.*ENOENT/);
    }
  });

  it('writes everything to disk a second after the disk is back', () => {
    mkdirSync(temporary.path, { recursive: true });
    const ledger = temporary.open();
    assertInMemory(ledger, /can't be opened/);
    const version = ledger.dataVersion();
    ledger.recordRefusals([refusal()]);
    ledger.recordRefusals([refusal({ at: noon + 1, cause: 'credits' })]);
    ledger.writePart('a1', 'credits', { value: '1', asOf: noon });
    ledger.writePart('a2', 'credits', { value: '2', asOf: noon });
    ledger.forgetAccount('a2');
    ledger.recordBalance('a1', noon, 7, 3);
    ledger.setPreference('session', 's1');
    ledger.recordTallies([tally()]);
    ledger.recordTallies([tally({ at: noon + 1, status: 429 })]);
    ledger.recordSwitch(billingSwitch());
    assert.deepEqual(ledger.tallyTotals(0), [two]);
    rmdirSync(temporary.path);
    assert.equal(ledger.health.kind, 'memory', 'not before a call some time later');
    temporary.now += 1_000;
    assert.equal(ledger.getPreference('session'), 's1');
    assert.equal(temporary.lines.length, 2);
    assert.equal(temporary.lines[1], 'ledger: kept on disk');
    assert.notEqual(ledger.dataVersion(), version);

    const fromDisk = temporary.open();
    assert.deepEqual(fromDisk.lastRefusals(9), [refusal({ at: noon + 1, cause: 'credits' }), refusal()]);
    assert.deepEqual(fromDisk.readPart('a1', 'credits'), { value: '1', asOf: noon });
    assert.equal(fromDisk.readParts('a2').size, 0);
    assert.deepEqual(fromDisk.balancesSince('a1', 0), [{ at: noon, usedNanoUsd: 7, requests: 3 }]);
    assert.equal(fromDisk.getPreference('session'), 's1');
    assert.deepEqual(fromDisk.lastTallies(9), [tally({ at: noon + 1, status: 429 }), tally()]);
    assert.deepEqual(fromDisk.tallyTotals(0), [two]);
    assert.deepEqual(fromDisk.switchesWithin(ever, 9), [billingSwitch()]);
  });

  it('deletes refusals on disk that were cleared meanwhile, and no later ones', async () => {
    mkdirSync(temporary.path, { recursive: true });
    const ledger = temporary.open();
    ledger.recordRefusals([refusal({ at: noon - 1 })]);
    ledger.forgetRefusals(noon);
    ledger.recordRefusals([refusal({ at: noon + 5_000 })]);
    rmdirSync(temporary.path);
    const other = await temporary.sharing();
    const later = refusal({ at: noon + 9_000, scope: 'pages' });
    await other.run({ do: 'record', refusals: [refusal(), later] });
    temporary.now += 1_000;
    assert.deepEqual(
      ledger.lastRefusals(9).map(({ at }) => at - noon),
      [9_000, 5_000],
    );
    assert.equal(temporary.open().lastRefusals(9).length, 2);
  });

  it('writes to disk on close', () => {
    mkdirSync(temporary.path, { recursive: true });
    const ledger = temporary.open();
    ledger.recordRefusals([refusal()]);
    rmdirSync(temporary.path);
    ledger.close();
    assert.deepEqual(temporary.open().lastRefusals(9), [refusal()]);
  });

  it('does not overwrite a part that another process read later', async () => {
    mkdirSync(temporary.path, { recursive: true });
    const ledger = temporary.open();
    ledger.writePart('a1', 'credits', { value: 'old', asOf: noon });
    rmdirSync(temporary.path);
    const other = await temporary.sharing();
    const stored = { value: 'new', asOf: noon + 500 };
    await other.run({ do: 'writePart', account: 'a1', part: 'credits', stored });
    temporary.now += 1_000;
    assert.deepEqual(ledger.readPart('a1', 'credits'), stored);
  });

  it('tries the disk again after longer and longer times, at last once a minute', () => {
    mkdirSync(temporary.path, { recursive: true });
    const ledger = temporary.open();
    for (let tries = 0; tries < 10; tries++) {
      temporary.now += 60_000;
      ledger.dataVersion();
    }
    rmdirSync(temporary.path);
    temporary.now += 59_999;
    ledger.dataVersion();
    assert.equal(ledger.health.kind, 'memory');
    temporary.now += 1;
    ledger.dataVersion();
    assert.equal(ledger.health.kind, 'ok');
    assert.equal(temporary.lines.length, 2, 'one line when it fails, one when it is back');
  });

  it('keeps deletions and additions in their order for the disk', () => {
    mkdirSync(temporary.path, { recursive: true });
    const ledger = temporary.open();
    ledger.setPreference('kept', 'one');
    ledger.setPreference('kept', undefined);
    ledger.setPreference('kept', 'two');
    ledger.setPreference('gone', 'one');
    ledger.setPreference('gone', undefined);
    ledger.writePart('a1', 'credits', { value: 'before', asOf: noon });
    ledger.forgetAccount('a1');
    ledger.writePart('a1', 'jobs', { value: 'after', asOf: noon });
    rmdirSync(temporary.path);
    temporary.now += 1_000;
    assert.equal(ledger.getPreference('kept'), 'two');
    assert.deepEqual(ledger.health, { kind: 'ok' });
    assert.equal(ledger.getPreference('gone'), undefined);
    assert.deepEqual([...ledger.readParts('a1').keys()], ['jobs']);
  });

  it('keeps 700 tallies of a disk failure, each once in the totals', () => {
    mkdirSync(temporary.path, { recursive: true });
    const ledger = temporary.open();
    for (let index = 0; index < 700; index++) ledger.recordTallies([tally({ at: noon + index })]);
    rmdirSync(temporary.path);
    temporary.now += 1_000;
    assert.equal(ledger.lastTallies(1_000).length, 700);
    assert.deepEqual(ledger.health, { kind: 'ok' });
    assert.equal(temporary.open().tallyTotals(0)[0]?.requests, 700);
  });
});

describe('ledger on a Node without node:sqlite', () => {
  it('is not opened, and the error says why', () => {
    const open = `import { openLedger } from ${JSON.stringify(openLedgerUrl)};
      openLedger({ directory: '/proc/headroom', now: Date.now });`;
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--no-experimental-sqlite', '--input-type=module', '--eval', open],
      { encoding: 'utf8' },
    );
    assert.equal(status, 1);
    assert.match(stderr, /This Node\.js has no node:sqlite: use one that/);
  });
});

const openLedgerUrl = new URL('../../../src/ledger/openLedger.ts', import.meta.url).href;

describe('ledger that another program keeps locked', () => {
  let temporary: TemporaryLedger;
  beforeEach(() => {
    temporary = new TemporaryLedger();
  });
  afterEach(() => temporary.clear());

  it('is opened in memory, and moves to disk after the lock is gone', async () => {
    temporary.open().close();
    const other = await temporary.process();
    await other.run({ do: 'lock', path: temporary.path });
    const ledger = temporary.open();
    assertInMemory(
      ledger,
      /^Another program keeps the ledger .+ locked: close it\. Until then, new data is kept in memory only\.$/,
    );
    ledger.recordRefusals([refusal()]);
    await other.run({ do: 'unlock' });
    temporary.now += 1_000;
    assert.deepEqual(ledger.lastRefusals(9), [refusal()]);
    assert.deepEqual(ledger.health, { kind: 'ok' });
  });

  it("keeps the rows that were read before, other windows' leases included, when it is locked later", async () => {
    const ledger = temporary.open();
    ledger.recordRefusals([refusal()]);
    ledger.writePart('a1', 'credits', { value: '1', asOf: noon });
    ledger.acquireLease('poller', 'other', noon, 60_000);
    const other = await temporary.process();
    await other.run({ do: 'lockWrites', path: temporary.path });
    ledger.recordRefusals([refusal({ at: noon + 1, scope: 'pages' })]);
    assertInMemory(ledger, /locked/);
    assert.deepEqual(ledger.lastRefusals(9), [refusal({ at: noon + 1, scope: 'pages' }), refusal()]);
    assert.deepEqual(ledger.readPart('a1', 'credits'), { value: '1', asOf: noon });
    assert.equal(ledger.acquireLease('poller', 'here', noon + 1, 60_000), false);
    await other.run({ do: 'unlock' });
    temporary.now += 1_000;
    assert.equal(ledger.lastRefusals(9).length, 2);
    assert.deepEqual(ledger.health, { kind: 'ok' });
  });
});

describe('ledger on a full disk', () => {
  let temporary: TemporaryLedger;
  beforeEach(() => {
    temporary = new TemporaryLedger();
    mkdirSync(temporary.directory, { recursive: true });
  });
  afterEach(() => temporary.clear());

  const value = 'x'.repeat(400_000);

  it('keeps new rows in memory until there is space', async function () {
    const mount = ['unshare', '-rm', 'sh', '-c', 'mount -t tmpfs -o size=1m none "$0" && exec "$@"'];
    if (spawnSync(mount[0] ?? '', [...mount.slice(1), temporary.directory, 'true']).status !== 0) this.skip();
    const other = await temporary.process({ wrap: [...mount, temporary.directory] });
    await other.run({ do: 'open', directory: temporary.directory, now: noon });
    await other.run({ do: 'record', refusals: [refusal()] });
    const filler = join(temporary.directory, 'filler');
    await other.run({ do: 'fillDisk', path: filler });
    await other.run({ do: 'writePart', account: 'a1', part: 'large', stored: { value, asOf: noon } });
    const health = (await other.run({ do: 'health' })) as { kind: string; reason: string };
    assert.match(health.reason, /^The disk of the ledger .+ is full: free some space\. Until then/);
    await other.run({ do: 'record', refusals: [refusal({ at: noon + 1, scope: 'pages' })] });
    assert.equal(await other.run({ do: 'count' }), 2);
    await other.run({ do: 'remove', path: filler });
    await other.run({ do: 'advance', ms: 1_000 });
    assert.deepEqual(await other.run({ do: 'health' }), { kind: 'ok' });
    assert.equal(await other.run({ do: 'count' }), 2);
    assert.equal(await other.run({ do: 'partLength', account: 'a1', part: 'large' }), value.length);
  });

  it('keeps new rows in memory while a limit keeps its file from growing', async function () {
    const limit = ['sh', '-c', 'ulimit -S -f 400 && exec "$@"', 'sh'];
    const lift = (pid: number) => spawnSync('prlimit', ['--pid', String(pid), '--fsize=unlimited']).status;
    if (lift(process.pid) !== 0) this.skip();
    const other = await temporary.process({ wrap: limit });
    await other.run({ do: 'open', directory: temporary.directory, now: noon });
    await other.run({
      do: 'writePart',
      account: 'a1',
      part: 'large',
      stored: { value: value + value, asOf: noon },
    });
    const health = (await other.run({ do: 'health' })) as { kind: string };
    assert.equal(health.kind, 'memory');
    await other.run({ do: 'record', refusals: [refusal()] });
    assert.equal(lift(other.pid), 0);
    await other.run({ do: 'advance', ms: 1_000 });
    assert.deepEqual(await other.run({ do: 'health' }), { kind: 'ok' });
    await other.run({ do: 'close' });
    const ledger = temporary.open();
    assert.deepEqual(ledger.lastRefusals(9), [refusal()]);
    assert.equal(ledger.readPart('a1', 'large')?.value?.length, 2 * value.length);
    rmSync(temporary.directory, { recursive: true });
  });
});

describe('openMemoryLedger', () => {
  it('keeps rows apart from other ledgers, also after close, with health ok', () => {
    const ledger = openMemoryLedger({ now: () => noon });
    ledger.recordRefusals([refusal()]);
    ledger.recordTallies([tally(), tally({ status: 429 })]);
    ledger.setPreference('session', 's1');
    const version = ledger.dataVersion();
    ledger.setPreference('session', undefined);
    assert.equal(openMemoryLedger({ now: () => noon }).lastRefusals(9).length, 0);
    ledger.close();
    assert.deepEqual(ledger.health, { kind: 'ok' });
    assert.deepEqual(ledger.lastRefusals(9), [refusal()]);
    assert.equal(ledger.lastTallies(9).length, 2);
    assert.equal(ledger.getPreference('session'), undefined);
    assert.equal(ledger.dataVersion(), version);
  });

  it('deletes outdated rows', () => {
    let now = noon;
    const ledger = openMemoryLedger({ now: () => now });
    ledger.recordRefusals([refusal()]);
    now += 100 * 24 * sweepEveryMs;
    ledger.recordRefusals([refusal({ at: now })]);
    assert.deepEqual(ledger.lastRefusals(9), [refusal({ at: now })]);
  });
});
