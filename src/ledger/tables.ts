import type { DatabaseSync } from 'node:sqlite';
import { accountTable } from './accountTable.ts';
import { leaseTable } from './leaseTable.ts';
import { limitTable } from './limitTable.ts';
import { preferenceTable } from './preferenceTable.ts';
import { refusalTable } from './refusalTable.ts';
import { refusalTotals } from './refusalTotals.ts';
import { sweeper } from './retention.ts';
import type { OddRowListener } from './storedRow.ts';
import { switchTable } from './switchTable.ts';
import { tallyTable } from './tallyTable.ts';
import { workspaceTable } from './workspaceTable.ts';

export type Tables = ReturnType<typeof tablesOf>;

/**
 * The tables of a migrated database. Throws when the database lacks a table or column. The methods throw
 * SQLite's error when the disk fails.
 */
export function tablesOf(database: DatabaseSync, onOdd: OddRowListener) {
  const dataVersion = database.prepare('PRAGMA data_version');
  const workspaces = workspaceTable(database, onOdd);
  const tallies = tallyTable(database, onOdd, workspaces.add);
  return {
    database,
    refusals: refusalTable(database, onOdd),
    refusalTotals: refusalTotals(database, onOdd),
    tallies,
    workspaces,
    switches: switchTable(database, onOdd),
    limits: limitTable(database),
    accounts: accountTable(database, onOdd),
    leases: leaseTable(database),
    preferences: preferenceTable(database, onOdd),
    sweep: sweeper(database, [tallies.fold, workspaces.fold]),
    dataVersion: () => Number(dataVersion.get()?.data_version),
  };
}
