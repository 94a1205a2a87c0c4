import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { currentVersion } from '../../../src/ledger/migrations.ts';
import { noon, refusal } from './refusals.ts';
import { billingSwitch, ever, tally, total } from './tallies.ts';
import { TemporaryLedger } from './temporaryLedger.ts';
import { version1 } from './version1.ts';

describe('ledger of version 1', () => {
  let temporary: TemporaryLedger;
  beforeEach(() => {
    temporary = new TemporaryLedger();
    mkdirSync(temporary.directory, { recursive: true });
    onFile(database => {
      database.exec(version1);
      database.exec("INSERT INTO preferences VALUES ('session', 's1')");
      database.exec(`INSERT INTO parts VALUES ('a1', 'credits', '1', ${noon}, NULL)`);
    });
  });
  afterEach(() => temporary.clear());

  function onFile<T>(look: (database: DatabaseSync) => T): T {
    const database = new DatabaseSync(temporary.path);
    try {
      return look(database);
    } finally {
      database.close();
    }
  }

  /** Of every table and index, its columns in their order. */
  const shapes = (database: DatabaseSync) =>
    database
      .prepare('SELECT type, name FROM sqlite_master ORDER BY name')
      .all()
      .map(({ type, name }) => ({
        name,
        columns: database.prepare(`SELECT * FROM pragma_${String(type)}_xinfo(?)`).all(String(name)),
      }));

  it('is migrated to the current version, and keeps its rows', () => {
    const ledger = temporary.open();
    assert.deepEqual(ledger.health, { kind: 'ok' });
    ledger.recordTallies([tally()]);
    ledger.recordSwitch(billingSwitch());
    assert.deepEqual(ledger.tallyTotals(noon), [total()]);
    assert.deepEqual(ledger.switchesWithin(ever, 9), [billingSwitch()]);
    assert.equal(ledger.getPreference('session'), 's1');
    assert.deepEqual(ledger.readPart('a1', 'credits'), { value: '1', asOf: noon });
    assert.equal(
      onFile(database => database.prepare('PRAGMA user_version').get()?.user_version),
      currentVersion,
    );
  });

  it('keeps every table and column when it is migrated, for older programs', () => {
    const before = onFile(shapes);
    temporary.open().close();
    const after = onFile(shapes);
    assert.ok(after.length > before.length);
    for (const { name, columns } of before) {
      const now = after.find(shape => shape.name === name)?.columns ?? [];
      assert.deepEqual(now.slice(0, columns.length), columns, String(name));
      for (const added of now.slice(columns.length)) assert.equal(added.notnull, 0, String(added.name));
    }
  });

  it('is migrated while an older program has it open, which goes on', () => {
    const older = new DatabaseSync(temporary.path);
    try {
      const insert = older.prepare("REPLACE INTO preferences (key, value) VALUES ('older', ?)");
      const read = older.prepare('SELECT value FROM preferences WHERE key = ?');
      insert.run('before');
      const ledger = temporary.open();
      ledger.recordTallies([tally()]);
      ledger.setPreference('newer', 'wrote');
      insert.run('after');
      assert.equal(read.get('newer')?.value, 'wrote');
      assert.equal(ledger.getPreference('older'), 'after');
      assert.deepEqual(ledger.lastTallies(9), [tally()]);
    } finally {
      older.close();
    }
  });

  it('loses the counts of refusals by hour, which an older program with the file open goes on to write', () => {
    onFile(database => database.exec(`INSERT INTO refusal_hours VALUES (${noon}, 'rate', 7)`));
    const older = new DatabaseSync(temporary.path);
    try {
      const count = older.prepare(
        `INSERT INTO refusal_hours (hour, cause, count) VALUES (?, 'rate', 1)
         ON CONFLICT (hour, cause) DO UPDATE SET count = count + excluded.count`,
      );
      count.run(noon);
      const ledger = temporary.open();
      const counts = older.prepare('SELECT count FROM refusal_hours');
      assert.deepEqual(counts.all(), []);
      count.run(noon);
      assert.equal(counts.get()?.count, 1);
      ledger.recordRefusals([refusal()]);
      assert.deepEqual(ledger.lastRefusals(9), [refusal()]);
      assert.deepEqual(ledger.health, { kind: 'ok' });
    } finally {
      older.close();
    }
  });

  it('adds up by workspace what the tallies say, and goes on with the sums of an older program', () => {
    temporary.open().close();
    const insertHour = `INSERT INTO request_hours (hour, billed_to, provider, model, requests, refused,
        prompt_tokens, completion_tokens, cost_nano_usd, uncosted)
      VALUES (${noon}, 'personal', 'together', 'org/model', 1, 0, 500, 90, 120000, 0)
      ON CONFLICT (hour, billed_to, provider, model) DO UPDATE SET requests = requests + excluded.requests,
        cost_nano_usd = cost_nano_usd + excluded.cost_nano_usd`;
    onFile(database => {
      for (const column of ['timed', 'duration_ms', 'streamed', 'first_byte_ms']) {
        database.exec(`ALTER TABLE request_hours DROP COLUMN ${column}`);
      }
      database.exec(`ALTER TABLE request_tallies DROP COLUMN first_byte_ms;
        DROP TABLE workspace_quarters; PRAGMA user_version = ${currentVersion - 1}; ${insertHour}`);
      const insertTally = database.prepare(
        `INSERT INTO request_tallies (at, status, billed_to, cost_nano_usd, duration_ms, workspace)
         VALUES (?, ?, 'personal', ?, 5, ?)`,
      );
      insertTally.run(noon, 200, 7, 'here');
      insertTally.run(noon + 1, 200, null, 'here');
      insertTally.run(noon + 2, 429, null, 'here');
      insertTally.run(noon + 900_000, 200, 1, 'there');
      insertTally.run(noon, 200, 5, null);
      insertTally.run('then', 200, 5, 'here');
    });
    const older = new DatabaseSync(temporary.path);
    try {
      const add = older.prepare(insertHour);
      const ledger = temporary.open();
      assert.deepEqual(ledger.health, { kind: 'ok' });
      ledger.recordTallies([tally({ firstByteMs: 100 })]);
      add.run();
      const { totals, workspaces } = ledger.countedSpan({ from: noon, until: noon + 1 });
      const [{ requests, costNanoUsd, timed, durationMs, streamed, firstByteMs } = assert.fail()] = totals;
      assert.deepEqual({ requests, costNanoUsd }, { requests: 3, costNanoUsd: 360_000 });
      assert.deepEqual([timed, durationMs, streamed, firstByteMs], [1, 850.25, 1, 100]);
      assert.deepEqual(workspaces, [{ workspace: 'here', requests: 2, costNanoUsd: 7, uncosted: 1 }]);
      assert.equal(ledger.workspaceUse('there', noon + 900_000).requests, 1);
      assert.deepEqual(ledger.lastTallies(1), [tally({ firstByteMs: 100 })]);
    } finally {
      older.close();
    }
  });

  it('is migrated by four processes at once', async () => {
    const others = await Promise.all(Array.from({ length: 4 }, () => temporary.process()));
    const healths = await Promise.all(
      others.map(other => other.run({ do: 'open', directory: temporary.directory, now: noon })),
    );
    assert.deepEqual(
      healths,
      others.map(() => ({ kind: 'ok' })),
    );
    await Promise.all(others.map(other => other.run({ do: 'recordTallies', tallies: [tally()] })));
    assert.equal(temporary.open().tallyTotals(noon)[0]?.requests, others.length);
  });

  it('is read when it can’t be migrated because the file can’t be written', async function () {
    const readOnly = ['unshare', '-rm', 'sh', '-c', 'mount --bind -r "$0" "$0" && exec "$@"'];
    const [command = '', ...rest] = readOnly;
    if (spawnSync(command, [...rest, temporary.directory, 'true']).status !== 0) this.skip();
    // A read-only folder has no place for a log beside the file.
    onFile(database => database.exec('PRAGMA journal_mode = DELETE'));
    const other = await temporary.process({ wrap: [...readOnly, temporary.directory] });
    const health = await other.run({ do: 'open', directory: temporary.directory, now: noon });
    assert.equal((health as { kind: string }).kind, 'memory');
    await other.run({ do: 'record', refusals: [refusal()] });
    assert.equal(await other.run({ do: 'partLength', account: 'a1', part: 'credits' }), 1);
    assert.equal(await other.run({ do: 'count' }), 1);
  });
});
