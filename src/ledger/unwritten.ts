import { mostSums, mostTallies, mostWaitingRemovals } from '../limits/bounds.ts';
import { readContents, writeContents } from './contents.ts';
import { transaction } from './locking.ts';
import { openInMemory } from './openDatabase.ts';
import type { Tables } from './tables.ts';

/** Rows that were recorded and deleted while the disk failed, except leases and learned limits. */
export class Unwritten {
  readonly #added = openInMemory();
  /** By what they delete. */
  readonly #removals = new Map<string, (tables: Tables) => void>();

  add(write: (tables: Tables) => void): void {
    write(this.#added);
  }

  /** Deletes from what was added, and later from the disk. */
  remove(subject: string, removal: (tables: Tables) => void): void {
    removal(this.#added);
    this.#removals.delete(subject);
    this.#removals.set(subject, removal);
    const [oldest] = this.#removals.keys();
    if (this.#removals.size > mostWaitingRemovals && oldest !== undefined) this.#removals.delete(oldest);
  }

  /** Throws when the disk still fails; may then be called again. */
  writeInto(tables: Tables): void {
    transaction(tables.database, () => {
      for (const removal of this.#removals.values()) removal(tables);
      writeContents(tables, readContents(this.#added.database, mostTallies, mostSums));
    });
  }
}
