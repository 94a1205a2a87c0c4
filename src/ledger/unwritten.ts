import { readContents, writeContents } from './contents.ts';
import { transaction } from './locking.ts';
import { openInMemory } from './openDatabase.ts';
import { talliesKept } from './retention.ts';
import type { Tables } from './tables.ts';

/** Rows that were recorded and deleted while the disk failed, except leases and learned limits. */
export class Unwritten {
  readonly #added = openInMemory();
  readonly #removals: ((tables: Tables) => void)[] = [];

  add(write: (tables: Tables) => void): void {
    write(this.#added);
  }

  /** Deletes from what was added, and later from the disk. */
  remove(removal: (tables: Tables) => void): void {
    removal(this.#added);
    this.#removals.push(removal);
  }

  /** Throws when the disk still fails; may then be called again. */
  writeInto(tables: Tables): void {
    transaction(tables.database, () => {
      for (const removal of this.#removals) removal(tables);
      writeContents(tables, readContents(this.#added.database, talliesKept, talliesKept));
    });
  }
}
