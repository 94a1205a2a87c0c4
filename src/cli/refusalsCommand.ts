import { mostRefusals } from '../limits/bounds.ts';
import type { OptionsOf } from './command.ts';
import { refusalJson } from './json/refusalJson.ts';
import { ledgerNotice, openStateLedger } from './stateLedger.ts';
import { refusalTable } from './table/refusalSection.ts';
import { alignRows } from './table/tableLayout.ts';
import { printJson, tableWidth } from './terminal.ts';

/** Lists refusals, newest first. Returns the exit code. */
export function runRefusals({ sinceMs, json, state }: OptionsOf<'refusals'>): number {
  const { stdout } = process;
  const now = Date.now();
  const ledger = openStateLedger(state, process.env);
  const refusals = ledger.refusalsBetween(now - sinceMs, Number.MAX_SAFE_INTEGER, mostRefusals);
  ledgerNotice(ledger, 'What it has can be listed only if it can be read.')();
  ledger.close();
  const list = refusals.map(refusalJson);
  if (json) printJson({ refusals: list }, 'readable');
  else if (list.length === 0) stdout.write('Nothing was refused in that time.\n');
  else stdout.write(`${alignRows(refusalTable(list, now), tableWidth()).join('\n')}\n`);
  return 0;
}
