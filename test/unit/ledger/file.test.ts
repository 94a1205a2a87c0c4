import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { mostLedgerBytes } from '../../../src/limits/bounds.ts';
import { noon, refusal } from './refusals.ts';
import { tally, total } from './tallies.ts';
import { TemporaryLedger } from './temporaryLedger.ts';

describe('the ledger’s file', () => {
  let temporary: TemporaryLedger;
  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    temporary = new TemporaryLedger();
    mkdirSync(temporary.directory, { recursive: true });
  });
  afterEach(() => temporary?.clear());

  const others = () => join(temporary.directory, '..', 'other');

  /** The ledger works, in memory, and says why. */
  function assertRefused(path: string, what: string): void {
    const ledger = temporary.open();
    assert.equal(ledger.health.kind, 'memory');
    const reason = ledger.health.kind === 'memory' && ledger.health.reason;
    assert.equal(
      reason,
      `The ledger can't be opened: ${path} is ${what}. Move it away, or choose another folder. ` +
        'Until then, new data is kept in memory only.',
    );
    ledger.recordRefusals([refusal()]);
    assert.deepEqual(ledger.lastRefusals(9), [refusal()]);
    ledger.close();
  }

  const places = [
    ['ledger.db', (path: string) => path],
    ['ledger.db-wal', (path: string) => `${path}-wal`],
    ['ledger.db-shm', (path: string) => `${path}-shm`],
    ['ledger.db-journal', (path: string) => `${path}-journal`],
  ] as const;

  for (const [name, placeOf] of places) {
    it(`${name}: a symbolic link is not followed, and its target stays as it was`, () => {
      const path = placeOf(temporary.path);
      writeFileSync(others(), 'of somebody else', { mode: 0o644 });
      symlinkSync(others(), path);
      assertRefused(path, 'a symbolic link');
      assert.equal(statSync(others()).mode & 0o777, 0o644);
      assert.equal(readFileSync(others(), 'utf8'), 'of somebody else');
    });

    it(`${name}: a link to nowhere is not followed, either`, () => {
      const path = placeOf(temporary.path);
      symlinkSync(others(), path);
      assertRefused(path, 'a symbolic link');
      assert.deepEqual(readdirSync(join(others(), '..')), ['state']);
    });

    it(`${name}: a pipe does not hang`, () => {
      const path = placeOf(temporary.path);
      assert.equal(spawnSync('sh', ['-c', 'mkfifo "$0"', path]).status, 0);
      assertRefused(path, 'a pipe');
    });

    it(`${name}: a folder is refused`, () => {
      const path = placeOf(temporary.path);
      mkdirSync(path);
      assertRefused(path, 'a folder');
    });

    it(`${name}: a hard link is refused, and its other name keeps its mode`, () => {
      const path = placeOf(temporary.path);
      writeFileSync(others(), '', { mode: 0o644 });
      linkSync(others(), path);
      assertRefused(path, 'a file with a second name (a hard link)');
      assert.equal(statSync(others()).mode & 0o777, 0o644);
    });

    it(`${name}: another user’s file is refused`, function () {
      if (process.geteuid?.() !== 0) this.skip();
      const path = placeOf(temporary.path);
      writeFileSync(path, '', { mode: 0o644 });
      chownSync(path, 12_345, 12_345);
      assertRefused(path, "another user's");
      assert.equal(statSync(path).mode & 0o777, 0o644);
    });
  }

  it('a device is refused', function () {
    if (spawnSync('sh', ['-c', 'mknod "$0" c 1 3', temporary.path]).status !== 0) this.skip();
    assertRefused(temporary.path, 'no regular file');
  });

  it('in another user’s folder is refused, also behind a link', function () {
    if (process.geteuid?.() !== 0) this.skip();
    renameSync(temporary.directory, others());
    chownSync(others(), 12_345, 12_345);
    symlinkSync(others(), temporary.directory);
    assertRefused(temporary.directory, "another user's");
    assert.deepEqual(readdirSync(others()), []);
  });

  it('in a folder of the user’s behind a link is opened', () => {
    renameSync(temporary.directory, others());
    symlinkSync(others(), temporary.directory);
    const ledger = temporary.open();
    ledger.recordRefusals([refusal()]);
    assert.deepEqual(ledger.health, { kind: 'ok' });
    assert.deepEqual(temporary.open().lastRefusals(9), [refusal()]);
  });

  it('is opened a second after the link is gone, with what memory holds', () => {
    symlinkSync(others(), temporary.path);
    const ledger = temporary.open();
    ledger.recordRefusals([refusal()]);
    renameSync(temporary.path, `${temporary.path}.moved`);
    temporary.now += 1_000;
    assert.deepEqual(ledger.lastRefusals(9), [refusal()]);
    assert.deepEqual(ledger.health, { kind: 'ok' });
    assert.deepEqual(temporary.open().lastRefusals(9), [refusal()]);
  });

  it('that others could read becomes private', () => {
    temporary.open().close();
    chmodSync(temporary.path, 0o644);
    temporary.open();
    assert.equal(statSync(temporary.path).mode & 0o777, 0o600);
  });

  it('of an absurd number is not the ledger', () => {
    writeFileSync(join(temporary.directory, 'ledger-99999999999999999999.db'), '');
    temporary.open().recordRefusals([refusal()]);
    assert.ok(readdirSync(temporary.directory).includes('ledger.db'));
  });
});

describe('the size of the ledger’s file', () => {
  let temporary: TemporaryLedger;
  beforeEach(() => {
    temporary = new TemporaryLedger();
  });
  afterEach(() => temporary.clear());

  function withFile(run: (database: DatabaseSync) => void): void {
    const database = new DatabaseSync(temporary.path);
    run(database);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
  }

  const bytes = () =>
    readdirSync(temporary.directory).reduce(
      (sum, name) => sum + statSync(join(temporary.directory, name)).size,
      0,
    );

  /** 90 MB of raw lines within their number, as no Headroom writes them. */
  function overfill(database: DatabaseSync): void {
    const long = 'x'.repeat(3_000);
    const insert = database.prepare(
      'INSERT INTO request_tallies (at, status, billed_to, model, duration_ms) VALUES (?, 200, ?, ?, 1)',
    );
    database.exec('BEGIN');
    for (let index = 0; index < 30_000; index++) insert.run(noon, 'personal', `${index} ${long}`);
    database.exec('COMMIT');
  }

  for (const [which, prepare] of [
    ['a file of this version', ''],
    ['an older version’s file', 'PRAGMA auto_vacuum = NONE; VACUUM'],
  ] as const) {
    it(`comes back within its bound, the oldest rows first: ${which}`, () => {
      const first = temporary.open();
      first.recordRefusals([refusal()]);
      first.recordTallies([tally()]);
      first.close();
      withFile(database => {
        database.exec(prepare);
        overfill(database);
      });
      assert.ok(bytes() > 1.3 * mostLedgerBytes);
      const ledger = temporary.open();
      for (let step = 0; step < 200; step++) {
        temporary.now += 2_000;
        ledger.setPreference('any', 'write');
      }
      assert.deepEqual(ledger.health, { kind: 'ok' });
      assert.ok(ledger.lastTallies(1)[0]?.model?.startsWith('29999 '), 'the newest line stays');
      assert.deepEqual(ledger.lastRefusals(9), [refusal()], 'rows of other kinds stay');
      assert.deepEqual(ledger.tallyTotals(0), [total()]);
      ledger.close();
      assert.ok(bytes() <= mostLedgerBytes, `${bytes()} bytes`);
    }).timeout(60_000);
  }

  it('has a bounded log beside it while it is written', () => {
    const ledger = temporary.open();
    for (let index = 0; index < 300; index++) {
      ledger.writePart('a1', 'large', { value: `${index}`.repeat(50_000), asOf: noon });
    }
    assert.ok(statSync(`${temporary.path}-wal`).size < 8 * 1024 * 1024);
  });
});
