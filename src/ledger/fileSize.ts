import type { DatabaseSync } from 'node:sqlite';
import { mostLedgerBytes } from '../limits/bounds.ts';

/** Rows that one step deletes while the file is too large. */
const deletedRows = 2_000;
/** Free pages that one step gives back to the disk: some milliseconds. */
const returnedPages = 500;
/** Fewer are kept for the next rows. */
const sparePages = 250;
/** A smaller file is not worth a copy. */
const smallPages = 2_000;
const incremental = 2;

/** The oldest rows of each log, in the order in which they are missed least. */
const oldest = [
  `DELETE FROM request_tallies WHERE id IN (SELECT id FROM request_tallies ORDER BY id LIMIT ${deletedRows})`,
  `DELETE FROM refusals WHERE id IN (SELECT id FROM refusals ORDER BY id LIMIT ${deletedRows})`,
  `DELETE FROM balances WHERE (account, at) IN
     (SELECT account, at FROM balances ORDER BY at LIMIT ${deletedRows})`,
  `DELETE FROM parts WHERE (account, part) IN
     (SELECT account, part FROM parts ORDER BY ifnull(as_of, 0) LIMIT 10)`,
  `DELETE FROM workspace_quarters WHERE (quarter, workspace) IN
     (SELECT quarter, workspace FROM workspace_quarters ORDER BY quarter LIMIT ${deletedRows})`,
  `DELETE FROM request_hours WHERE (hour, billed_to, provider, model) IN
     (SELECT hour, billed_to, provider, model FROM request_hours ORDER BY hour LIMIT ${deletedRows})`,
];

/** Keeps the file within its bytes, step by step. Each step returns true when another one is needed. */
export function fileShrinker(database: DatabaseSync): (options: { readonly mayDelete: boolean }) => boolean {
  const deletions = oldest.map(sql => database.prepare(sql));
  const pragma = (name: string) => Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  const pageBytes = pragma('page_size');
  const mostPages = Math.floor(mostLedgerBytes / pageBytes);

  return ({ mayDelete }) => {
    let free = pragma('freelist_count');
    const pages = pragma('page_count');
    const isTooLarge = pages - free > mostPages;
    if (isTooLarge && mayDelete) {
      deletions.find(statement => statement.run().changes !== 0);
      free = pragma('freelist_count');
    }
    if (pragma('auto_vacuum') === incremental) {
      if (free > sparePages) database.prepare(`PRAGMA incremental_vacuum(${returnedPages})`).all();
      return isTooLarge || free > sparePages + returnedPages;
    }
    if (
      mayDelete &&
      !isTooLarge &&
      free > (pages > mostPages ? sparePages : Math.max(pages / 2, smallPages))
    ) {
      rebuild(database);
    }
    return isTooLarge;
  };
}

/** Once for an older program's file, which keeps its free pages otherwise. The next sweep tries again. */
function rebuild(database: DatabaseSync): void {
  try {
    database.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // Another process writes, or the disk has no space for the copy.
  }
}
