import assert from 'node:assert/strict';
import { MemoryStore } from '../../../src/ledger/memoryStore.ts';
import { migrate } from '../../../src/ledger/migrations.ts';
import { loadSqlite } from '../../../src/ledger/sqlite.ts';
import { SqliteStore } from '../../../src/ledger/sqliteStore.ts';
import type { Store } from '../../../src/ledger/store.ts';

export function sqliteStore(): SqliteStore {
  const sqlite = loadSqlite();
  assert.ok(sqlite);
  const database = new sqlite.DatabaseSync(':memory:');
  migrate(database);
  return new SqliteStore(database);
}

export const stores: readonly [where: string, newStore: () => Store][] = [
  ['in SQLite', sqliteStore],
  ['in memory', () => new MemoryStore()],
];
