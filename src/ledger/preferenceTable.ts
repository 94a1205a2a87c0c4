import type { DatabaseSync } from 'node:sqlite';

/** Small facts that all windows share and that are no secret. */
export function preferenceTable(database: DatabaseSync) {
  const get = database.prepare('SELECT value FROM preferences WHERE key = ?');
  const set = database.prepare('REPLACE INTO preferences (key, value) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM preferences WHERE key = ?');
  return {
    get(key: string): string | undefined {
      const row = get.get(key);
      return row && String(row.value);
    },
    set(key: string, value: string): void {
      set.run(key, value);
    },
    delete(key: string): void {
      remove.run(key);
    },
  };
}
