import { openLedger } from '../ledger/openLedger.ts';
import { ledgerDirectory } from './configuration.ts';
import { refusalJson } from './json/refusalJson.ts';
import { refusalRow } from './table/otherRows.ts';
import { alignRows, printable } from './table/tableLayout.ts';
import { tableWidth } from './terminal.ts';

/** More than that is not read by a person, and scripts that want it all ask often. */
const most = 10_000;

/** Lists what was refused because of a limit, newest first. Returns the exit code. */
export function runRefusals(options: {
  readonly sinceMs: number;
  readonly json: boolean;
  readonly state?: string;
}): number {
  const { stdout } = process;
  const now = Date.now();
  const ledger = openLedger({ directory: ledgerDirectory(options.state, process.env), now: () => now });
  const refusals = ledger.lastRefusals(most).filter(({ at }) => at >= now - options.sinceMs);
  ledger.close();
  const rows = refusals.map(refusalJson);
  if (options.json)
    stdout.write(`${JSON.stringify({ refusals: rows }, null, stdout.isTTY ? 2 : undefined)}\n`);
  else if (rows.length === 0) stdout.write('Nothing was refused in that time.\n');
  else {
    const cells = rows.map(row => refusalRow(row, now).cells.map(printable));
    const columns = [{}, { align: 'right' }, {}, { shrinks: true }, {}] as const;
    stdout.write(`${alignRows(cells, columns, tableWidth()).join('\n')}\n`);
  }
  return 0;
}
