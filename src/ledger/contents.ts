import type { DatabaseSync } from 'node:sqlite';
import type { BillingSwitch } from '../limits/account/billingSwitch.ts';
import type { RequestTally } from '../limits/requests/requestTally.ts';
import { toPart } from './accountTable.ts';
import type { Balance, StoredPart } from './ledger.ts';
import { RefusalTable, type Sighting } from './refusalTable.ts';
import { SwitchTable } from './switchTable.ts';
import type { Tables } from './tables.ts';
import type { TallyHour } from './tallyHours.ts';
import { TallyTable } from './tallyTable.ts';

/** Rows to copy to another database. Learned limits are momentary, and stay behind. */
export interface Contents {
  /** Oldest first, like the next three. */
  readonly sightings: readonly Sighting[];
  readonly tallies: readonly RequestTally[];
  readonly switches: readonly BillingSwitch[];
  readonly tallyHours: readonly TallyHour[];
  readonly parts: readonly { readonly account: string; readonly part: string; readonly stored: StoredPart }[];
  readonly balances: readonly { readonly account: string; readonly balance: Balance }[];
  readonly leases: readonly { readonly name: string; readonly holder: string; readonly expiresAt: number }[];
  readonly preferences: readonly { readonly key: string; readonly value: string }[];
}

/**
 * The newest `rows` of each log and the newest `sums` of hours and balances. Never throws: tables may be
 * damaged, or missing in an old file that can't be migrated because it can't be written.
 */
export function readContents(database: DatabaseSync, rows = 500, sums = 5_000): Contents {
  return {
    sightings: readable(() => new RefusalTable(database).sightings(rows).reverse()),
    tallies: readable(() => new TallyTable(database).last(rows).reverse()),
    switches: readable(() => new SwitchTable(database).last(rows).reverse()),
    tallyHours: readable(() => new TallyTable(database).newestHours(sums).reverse()),
    parts: readable(() =>
      database
        .prepare('SELECT account, part, value, as_of, problem FROM parts')
        .all()
        .map(row => ({ account: String(row.account), part: String(row.part), stored: toPart(row) })),
    ),
    balances: readable(() =>
      database
        .prepare('SELECT account, at, used_nano_usd FROM balances ORDER BY at DESC LIMIT ?')
        .all(sums)
        .map(row => ({
          account: String(row.account),
          balance: { at: Number(row.at), usedNanoUsd: Number(row.used_nano_usd) },
        })),
    ),
    leases: readable(() =>
      database
        .prepare('SELECT name, holder, expires_at FROM leases')
        .all()
        .map(row => ({
          name: String(row.name),
          holder: String(row.holder),
          expiresAt: Number(row.expires_at),
        })),
    ),
    preferences: readable(() =>
      database
        .prepare('SELECT key, value FROM preferences')
        .all()
        .map(row => ({ key: String(row.key), value: String(row.value) })),
    ),
  };
}

/** Adds the contents to what the tables hold, all or nothing. A part that was read later stays. */
export function writeContents(tables: Tables, contents: Contents): void {
  tables.atOnce(() => {
    for (const { account, part, stored } of contents.parts) {
      const other = tables.accounts.read(account, part);
      if ((other?.asOf ?? 0) <= (stored.asOf ?? 0)) tables.accounts.write(account, part, stored);
    }
    for (const { account, balance } of contents.balances) tables.accounts.recordBalance(account, balance);
    for (const { key, value } of contents.preferences) tables.preferences.set(key, value);
    for (const { name, holder, expiresAt } of contents.leases) tables.leases.put(name, holder, expiresAt);
    tables.refusals.recordSightings(contents.sightings);
    tables.tallies.write(contents.tallies, contents.tallyHours);
    for (const billingSwitch of contents.switches) tables.switches.record(billingSwitch);
  });
}

function readable<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch {
    return [];
  }
}
