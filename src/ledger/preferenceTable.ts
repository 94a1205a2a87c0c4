import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Small facts that all windows share and that are no secret. */
export class PreferenceTable {
  readonly #get: StatementSync;
  readonly #set: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: DatabaseSync) {
    this.#get = database.prepare('SELECT value FROM preferences WHERE key = ?');
    this.#set = database.prepare('REPLACE INTO preferences (key, value) VALUES (?, ?)');
    this.#delete = database.prepare('DELETE FROM preferences WHERE key = ?');
  }

  get(key: string): string | undefined {
    const row = this.#get.get(key);
    return row && String(row.value);
  }

  set(key: string, value: string): void {
    this.#set.run(key, value);
  }

  delete(key: string): void {
    this.#delete.run(key);
  }
}
