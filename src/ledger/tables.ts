import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { AccountTable } from './accountTable.ts';
import { LeaseTable } from './leaseTable.ts';
import { LimitTable } from './limitTable.ts';
import { transaction } from './locking.ts';
import { PreferenceTable } from './preferenceTable.ts';
import { RefusalTable } from './refusalTable.ts';
import { SwitchTable } from './switchTable.ts';
import { TallyTable } from './tallyTable.ts';

/** The tables of an open, migrated database. Their methods throw SQLite's error when the disk fails. */
export class Tables {
  readonly database: DatabaseSync;
  readonly refusals: RefusalTable;
  readonly tallies: TallyTable;
  readonly switches: SwitchTable;
  readonly limits: LimitTable;
  readonly accounts: AccountTable;
  readonly leases: LeaseTable;
  readonly preferences: PreferenceTable;
  readonly #dataVersion: StatementSync;

  /** Throws when the database lacks a table or column. */
  constructor(database: DatabaseSync) {
    this.database = database;
    this.refusals = new RefusalTable(database);
    this.tallies = new TallyTable(database);
    this.switches = new SwitchTable(database);
    this.limits = new LimitTable(database);
    this.accounts = new AccountTable(database);
    this.leases = new LeaseTable(database);
    this.preferences = new PreferenceTable(database);
    this.#dataVersion = database.prepare('PRAGMA data_version');
  }

  /** Writes all that `body` writes, or nothing. */
  atOnce(body: () => void): void {
    transaction(this.database, body);
  }

  dataVersion(): number {
    return Number(this.#dataVersion.get()?.data_version);
  }

  /** Deletes a bounded number of outdated rows; true when more are left. `now` in epoch ms. */
  sweep(now: number): boolean {
    const swept = [this.refusals, this.tallies, this.switches, this.limits, this.accounts];
    return swept.map(table => table.sweep(now)).includes(true);
  }

  close(): void {
    this.database.close();
  }
}
