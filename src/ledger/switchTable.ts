import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { BillingSwitch, SwitchReason } from '../limits/account/billingSwitch.ts';

/** Switches from one payer to another, in the order of recording. The planned dashboard lists them. */
export function switchTable(database: DatabaseSync) {
  const insert = database.prepare(
    'INSERT INTO billing_switches (at, workspace, switched_from, switched_to, reason) VALUES (?, ?, ?, ?, ?)',
  );
  const last = database.prepare('SELECT * FROM billing_switches ORDER BY id DESC LIMIT ?');
  return {
    record({ at, workspace, from, to, reason }: BillingSwitch): void {
      insert.run(at, workspace ?? null, from, to, reason);
    },
    /** The last recorded first. */
    last(count: number): BillingSwitch[] {
      return last.all(count).map(toSwitch);
    },
  };
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
