import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Leases, so that one process at a time does a task such as polling an account. */
export class LeaseTable {
  readonly #acquire: StatementSync;
  readonly #release: StatementSync;
  readonly #put: StatementSync;

  constructor(database: DatabaseSync) {
    // A lease that ends more than two terms ahead was taken with a wrong clock, and would never end.
    this.#acquire = database.prepare(
      `INSERT INTO leases (name, holder, expires_at) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
       WHERE holder = excluded.holder OR expires_at <= ? OR expires_at > ?`,
    );
    this.#release = database.prepare('DELETE FROM leases WHERE name = ? AND holder = ?');
    this.#put = database.prepare('INSERT OR IGNORE INTO leases (name, holder, expires_at) VALUES (?, ?, ?)');
  }

  acquire(name: string, holder: string, now: number, ttlMs: number): boolean {
    return this.#acquire.run(name, holder, now + ttlMs, now, now + 2 * ttlMs).changes !== 0;
  }

  release(name: string, holder: string): void {
    this.#release.run(name, holder);
  }

  /** Copies a lease from another database; a lease that runs here stays. */
  put(name: string, holder: string, expiresAt: number): void {
    this.#put.run(name, holder, expiresAt);
  }
}
