import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { currentVersion } from '../../../src/ledger/migrations.ts';
import { noon, refusal } from './refusals.ts';
import { TemporaryLedger } from './temporaryLedger.ts';

describe('a ledger from before secrets were known by their shape', () => {
  const secret = '3f9a1c0b7e5d2846a1f0c9e8b7d65432';
  let temporary: TemporaryLedger;
  beforeEach(() => {
    temporary = new TemporaryLedger();
    mkdirSync(temporary.directory, { recursive: true });
  });
  afterEach(() => temporary.clear());

  it('loses the secrets in its refusals, in the bytes of its files, too', () => {
    temporary.open().recordRefusals([refusal(), refusal({ at: noon + 60_000, scope: 'other' })]);
    temporary.open().close();
    const database = new DatabaseSync(temporary.path);
    const old = database.prepare(
      `UPDATE refusals SET source = 'terminal', program = ?, message = ?, headers = ?, scope = ?, model = ? WHERE at = ?`,
    );
    old.run(
      `TOGETHER_API_KEY=${secret} python x.py`,
      `Rate limit reached for key ${secret}.`,
      JSON.stringify({ ratelimit: `"${secret}";r=0`, 'x-inference-provider': 'groq' }),
      secret,
      `acme/${secret}`,
      noon,
    );
    const added = {
      request_tallies: ['accepted_at', 'workspace', 'first_byte_ms'],
      request_hours: ['timed', 'duration_ms', 'streamed', 'first_byte_ms'],
      balances: ['requests'],
    };
    for (const [table, columns] of Object.entries(added)) {
      for (const column of columns) database.exec(`ALTER TABLE ${table} DROP COLUMN ${column}`);
    }
    database.exec('DROP TABLE workspace_quarters');
    database.exec(`PRAGMA user_version = ${currentVersion - 5}`);
    database.close();
    const [other, kept] = temporary.open().lastRefusals(9);
    assert.deepEqual(
      [kept?.program, kept?.message, kept?.headers, kept?.scope, kept?.model],
      [
        'TOGETHER_API_KEY=… python x.py',
        'Rate limit reached for key [redacted]',
        { ratelimit: '"[redacted]";r=0', 'x-inference-provider': 'groq' },
        '[redacted]',
        'acme/…',
      ],
    );
    assert.deepEqual(other, refusal({ at: noon + 60_000, scope: 'other' }));
    for (const name of readdirSync(temporary.directory)) {
      const bytes = readFileSync(join(temporary.directory, name), 'latin1');
      assert.equal(bytes.includes(secret.slice(0, 8)), false, name);
    }
  });
});
