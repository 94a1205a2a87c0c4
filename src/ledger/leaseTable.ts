import type { DatabaseSync } from 'node:sqlite';
import { mostNameChars } from '../limits/bounds.ts';
import { cut } from './storedRow.ts';

/** Leases, so that one process at a time does a task such as polling an account. */
export function leaseTable(database: DatabaseSync) {
  // A lease that ends more than two terms ahead was taken with a wrong clock, and would never end.
  const acquire = database.prepare(
    `INSERT INTO leases (name, holder, expires_at) VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
     WHERE holder = excluded.holder OR expires_at <= ? OR expires_at > ?`,
  );
  const release = database.prepare('DELETE FROM leases WHERE name = ? AND holder = ?');
  return {
    acquire(name: string, holder: string, now: number, ttlMs: number): boolean {
      return (
        acquire.run(cut(name, mostNameChars), cut(holder, mostNameChars), now + ttlMs, now, now + 2 * ttlMs)
          .changes !== 0
      );
    },
    release(name: string, holder: string): void {
      release.run(cut(name, mostNameChars), cut(holder, mostNameChars));
    },
  };
}
