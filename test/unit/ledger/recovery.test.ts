import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { noon, refusal } from './refusals.ts';
import { billingSwitch, ever, tally } from './tallies.ts';
import { TemporaryLedger } from './temporaryLedger.ts';

/** The value of a 200 KB part: enough pages for damage that shows only when they are read. */
const large = 'x'.repeat(200_000);

describe('damaged ledger', () => {
  let temporary: TemporaryLedger;
  beforeEach(() => {
    temporary = new TemporaryLedger();
  });
  afterEach(() => temporary.clear());

  function fill(): void {
    const ledger = temporary.open();
    ledger.recordRefusals([refusal()]);
    ledger.setPreference('session', 's1');
    ledger.writePart('a1', 'small', { value: '1', asOf: noon });
    ledger.writePart('a1', 'large', { value: large, asOf: noon });
    ledger.close();
  }

  it('keeps billing switches and the totals of tallies', async () => {
    fill();
    const ledger = temporary.open();
    const other = await temporary.process();
    // More tallies than are carried over; their hours are carried over whole.
    const tallies = Array.from({ length: 700 }, (_, index) => tally({ at: noon + index, workspace: 'here' }));
    ledger.recordTallies(tallies);
    ledger.recordSwitch(billingSwitch());
    ledger.close();
    const reopened = temporary.open();
    // Pages of the large part, which was written before the tallies.
    await other.run({ do: 'overwrite', path: temporary.path, from: 120_000, bytes: 100_000 });
    reopened.forgetAccount('a1');
    reopened.recordTallies([tally({ at: noon + 700 })]);
    assertRecovered(reopened);
    assert.equal(reopened.lastTallies(1)[0]?.at, noon + 700);
    assert.equal(reopened.tallyTotals(0)[0]?.requests, 701);
    assert.equal(reopened.tallyTotals(0)[0]?.costNanoUsd, 701 * 120_000);
    assert.equal(reopened.workspaceUse('here', noon).requests, 700);
    assert.deepEqual(reopened.switchesWithin(ever, 9), [billingSwitch()]);
  });

  function assertRecovered(ledger: Ledger): string {
    assert.equal(ledger.health.kind, 'recovered');
    assert.ok(ledger.health.kind === 'recovered');
    assert.match(ledger.health.movedTo, /ledger-damaged-2026-05-20T12-00-00\.000Z\.db$/);
    assert.match(
      ledger.health.reason,
      /^The ledger .+ was damaged \(.+\)\. It was kept as .+, and a new one was begun\.$/,
    );
    ledger.recordRefusals([refusal({ cause: 'quota' })]);
    assert.equal(ledger.lastRefusals(1)[0]?.cause, 'quota');
    return ledger.health.movedTo;
  }

  it('of random bytes is moved aside, byte for byte', () => {
    mkdirSync(temporary.directory);
    const noise = Buffer.from(Array.from({ length: 10_000 }, (_, index) => (index * 167 + 91) % 256));
    writeFileSync(temporary.path, noise);
    const movedTo = assertRecovered(temporary.open());
    assert.deepEqual(readFileSync(movedTo), noise);
    assert.deepEqual(temporary.open().health, { kind: 'ok' }, 'the next one finds a good one');
  });

  it('that was truncated is moved aside', () => {
    fill();
    const whole = readFileSync(temporary.path);
    writeFileSync(temporary.path, whole.subarray(0, 10_000));
    const movedTo = assertRecovered(temporary.open());
    assert.equal(statSync(movedTo).size, 10_000);
  });

  it('that lacks tables is moved aside', () => {
    mkdirSync(temporary.directory);
    const foreign = new DatabaseSync(temporary.path);
    foreign.exec('CREATE TABLE refusals (id); PRAGMA user_version = 1');
    foreign.close();
    const ledger = temporary.open();
    assert.match(assertRecovered(ledger), /ledger-damaged-/);
  });

  it('keeps all rows that can be read when a call finds the damage', async () => {
    fill();
    const ledger = temporary.open();
    assert.deepEqual(ledger.health, { kind: 'ok' });
    const other = await temporary.process();
    // All but the pages of the schema and the small tables.
    const size = statSync(temporary.path).size;
    await other.run({ do: 'overwrite', path: temporary.path, from: size - 150_000, bytes: 150_000 });
    const value = ledger.readPart('a1', 'large')?.value;
    assert.notEqual(value, large);
    ledger.forgetAccount('a1');
    ledger.recordRefusals([refusal({ at: noon - 1, scope: 'pages' })]);
    assertRecovered(ledger);
    assert.equal(ledger.getPreference('session'), 's1');
    assert.deepEqual(ledger.lastRefusals(9).at(-1), refusal({ at: noon - 1, scope: 'pages' }));
    assert.deepEqual(ledger.lastRefusals(9).at(-2), refusal());
    assert.equal(temporary.lines.length, 1);
    assert.match(temporary.lines[0] ?? '', /^ledger: The ledger .+ was damaged/);
  });

  it('is replaced for all processes, and none of them harms the new one', async () => {
    fill();
    const other = await temporary.sharing();
    const saboteur = await temporary.process();
    await saboteur.run({ do: 'overwrite', path: temporary.path, from: 0, bytes: 8_192 });
    const ledger = temporary.open();
    assertRecovered(ledger);
    const before = ledger.dataVersion();
    await other.run({
      do: 'record',
      refusals: [refusal({ at: noon + 5, scope: 'pages', message: 'from the other' })],
    });
    assert.deepEqual(await other.run({ do: 'health' }), { kind: 'ok' });
    assert.notEqual(ledger.dataVersion(), before);
    assert.equal(ledger.lastRefusals(1)[0]?.message, 'from the other');
    await other.run({ do: 'close' });
    ledger.recordRefusals([
      refusal({ at: noon + 6, scope: 'resolvers', message: 'after the other has closed' }),
    ]);
    ledger.close();
    assert.equal(temporary.open().lastRefusals(1)[0]?.message, 'after the other has closed');
  });

  it('is moved aside once when several processes find it', async () => {
    fill();
    const others = await Promise.all([1, 2, 3].map(() => temporary.process()));
    await others[0]?.run({ do: 'overwrite', path: temporary.path, from: 0, bytes: 8_192 });
    const healths = await Promise.all(
      others.map(other => other.run({ do: 'open', directory: temporary.directory, now: noon })),
    );
    assert.deepEqual((healths as { kind: string }[]).map(({ kind }) => kind).sort(), [
      'ok',
      'ok',
      'recovered',
    ]);
    const copies = readdirSync(temporary.directory).filter(name => /^ledger-damaged-.*\.db$/.test(name));
    assert.equal(copies.length, 1);
  });

  it('is replaced again when the new one is damaged', () => {
    fill();
    writeFileSync(temporary.path, 'not a database, but long enough to be one '.repeat(100));
    temporary.open().close();
    temporary.now += 1;
    copyFileSync(
      join(temporary.directory, 'ledger-damaged-2026-05-20T12-00-00.000Z.db'),
      join(temporary.directory, 'ledger-2.db'),
    );
    const ledger = temporary.open();
    assert.equal(ledger.health.kind, 'recovered');
    assert.ok(existsSync(join(temporary.directory, 'ledger-damaged-2026-05-20T12-00-00.001Z.db')));
    assert.ok(existsSync(join(temporary.directory, 'ledger-3.db')));
  });
});

describe('ledger that a newer version wrote', () => {
  let temporary: TemporaryLedger;
  beforeEach(() => {
    temporary = new TemporaryLedger();
    temporary.open().close();
  });
  afterEach(() => temporary.clear());

  function change(sql: string): void {
    const database = new DatabaseSync(temporary.path);
    database.exec(sql);
    database.close();
  }

  it('is read and written while it only has more columns and tables', () => {
    change(
      "ALTER TABLE refusals ADD COLUMN mood TEXT DEFAULT 'sad'; CREATE TABLE more (x); PRAGMA user_version = 99",
    );
    const ledger = temporary.open();
    ledger.recordRefusals([refusal()]);
    assert.deepEqual(ledger.health, { kind: 'ok' });
    assert.deepEqual(ledger.lastRefusals(1), [refusal()]);
    ledger.close();
    const database = new DatabaseSync(temporary.path, { readOnly: true });
    assert.equal(database.prepare('PRAGMA user_version').get()?.user_version, 99);
    database.close();
  });

  it('is left alone when it lacks a table, and the reason says to update Headroom', () => {
    change('DROP TABLE parts; PRAGMA user_version = 99');
    const ledger = temporary.open();
    assert.equal(ledger.health.kind, 'memory');
    assert.ok(ledger.health.kind === 'memory');
    assert.match(ledger.health.reason, /^A newer version of Headroom wrote the ledger .+: update Headroom/);
    const others = readdirSync(temporary.directory).filter(name => name.startsWith('ledger-'));
    assert.deepEqual(others, []);
  });
});
