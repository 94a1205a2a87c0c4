import type { DatabaseSync } from 'node:sqlite';
import { mostPreferenceChars } from '../limits/bounds.ts';
import { anyIntegers, type OddRowListener, readRows, text } from './storedRow.ts';

/** Small facts that all windows share and that are no secret. `set_at` says which are oldest. */
export function preferenceTable(database: DatabaseSync, onOdd: OddRowListener) {
  const get = anyIntegers(database.prepare('SELECT value FROM preferences WHERE key = ?'));
  const set = database.prepare('REPLACE INTO preferences (key, value, set_at) VALUES (?, ?, ?)');
  const swap = database.prepare(
    'UPDATE preferences SET value = ?1, set_at = ?2 WHERE key = ?3 AND value = ?4',
  );
  const remove = database.prepare('DELETE FROM preferences WHERE key = ?');
  return {
    get(key: string): string | undefined {
      return readRows('preferences', get.all(key), ({ value }) => text(value, mostPreferenceChars), onOdd)[0];
    },
    /** @param at epoch ms */
    set(key: string, value: string, at: number): void {
      if (Math.max(key.length, value.length) <= mostPreferenceChars) set.run(key, value, at);
    },
    /** False when the value is not the expected one. */
    swap(key: string, expected: string, value: string, at: number): boolean {
      return Number(swap.run(value, at, key, expected).changes) === 1;
    },
    delete(key: string): void {
      remove.run(key);
    },
  };
}
