import type { DatabaseSync } from 'node:sqlite';
import { accountTable } from './accountTable.ts';
import { leaseTable } from './leaseTable.ts';
import { limitTable } from './limitTable.ts';
import { preferenceTable } from './preferenceTable.ts';
import { refusalTable } from './refusalTable.ts';
import { sweeper } from './retention.ts';
import { switchTable } from './switchTable.ts';
import { tallyTable } from './tallyTable.ts';

export type Tables = ReturnType<typeof tablesOf>;

/**
 * The tables of a migrated database. Throws when the database lacks a table or column. The methods throw
 * SQLite's error when the disk fails.
 */
export function tablesOf(database: DatabaseSync) {
  const dataVersion = database.prepare('PRAGMA data_version');
  return {
    database,
    refusals: refusalTable(database),
    tallies: tallyTable(database),
    switches: switchTable(database),
    limits: limitTable(database),
    accounts: accountTable(database),
    leases: leaseTable(database),
    preferences: preferenceTable(database),
    sweep: sweeper(database),
    dataVersion: () => Number(dataVersion.get()?.data_version),
  };
}
