import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { BillingSwitch, SwitchReason } from '../limits/account/billingSwitch.ts';
import { sweepRows, switchesKeptMs } from './retention.ts';

/** Switches from one payer to another, in the order of recording. The planned dashboard lists them. */
export class SwitchTable {
  readonly #insert: StatementSync;
  readonly #last: StatementSync;
  readonly #deleteOld: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(
      `INSERT INTO billing_switches (at, workspace, switched_from, switched_to, reason)
       VALUES (?, ?, ?, ?, ?)`,
    );
    this.#last = database.prepare('SELECT * FROM billing_switches ORDER BY id DESC LIMIT ?');
    this.#deleteOld = database.prepare(
      `DELETE FROM billing_switches WHERE id IN
         (SELECT id FROM (SELECT id, at FROM billing_switches ORDER BY id LIMIT ?) WHERE at < ?)`,
    );
  }

  record({ at, workspace, from, to, reason }: BillingSwitch): void {
    this.#insert.run(at, workspace ?? null, from, to, reason);
  }

  /** The last recorded first. */
  last(count: number): BillingSwitch[] {
    return this.#last.all(count).map(toSwitch);
  }

  /** True when more outdated rows are left. */
  sweep(now: number): boolean {
    return Number(this.#deleteOld.run(sweepRows, now - switchesKeptMs).changes) === sweepRows;
  }
}

function toSwitch(row: Record<string, SQLOutputValue>): BillingSwitch {
  return {
    at: Number(row.at),
    ...(row.workspace !== null && { workspace: String(row.workspace) }),
    from: String(row.switched_from),
    to: String(row.switched_to),
    reason: String(row.reason) as SwitchReason,
  };
}
