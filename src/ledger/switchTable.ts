import type { DatabaseSync } from 'node:sqlite';
import { type BillingSwitch, switchReasons } from '../limits/account/billingSwitch.ts';
import { mostNameChars } from '../limits/bounds.ts';
import type { Span } from '../limits/requests/countedSpan.ts';
import {
  anyIntegers,
  cut,
  maybe,
  type OddRowListener,
  oneOf,
  type Row,
  readRows,
  text,
  time,
  withoutUndefined,
} from './storedRow.ts';

/** Switches from one payer to another, in the order of recording. */
export function switchTable(database: DatabaseSync, onOdd: OddRowListener) {
  const insert = database.prepare(
    'INSERT INTO billing_switches (at, workspace, switched_from, switched_to, reason) VALUES (?, ?, ?, ?, ?)',
  );
  const last = anyIntegers(
    database.prepare('SELECT * FROM billing_switches WHERE at >= ? AND at < ? ORDER BY id DESC LIMIT ?'),
  );
  const short = (name: string) => cut(name, mostNameChars);
  return {
    record({ at, workspace, from, to, reason }: BillingSwitch): void {
      insert.run(at, workspace === undefined ? null : short(workspace), short(from), short(to), reason);
    },
    /** The last ones of the span, oldest first. */
    within({ from, until }: Span, most: number): BillingSwitch[] {
      return readRows('billing_switches', last.all(from, until, most), toSwitch, onOdd).reverse();
    },
  };
}

function toSwitch(row: Row): BillingSwitch {
  const name = (value: Row[string] | undefined) => text(value, mostNameChars);
  return withoutUndefined<BillingSwitch>({
    at: time(row.at),
    workspace: maybe(row.workspace, name),
    from: name(row.switched_from),
    to: name(row.switched_to),
    reason: oneOf(switchReasons, row.reason),
  });
}
