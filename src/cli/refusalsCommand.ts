import { openLedger } from '../ledger/openLedger.ts';
import type { OptionsOf } from './command.ts';
import { stateDirectory } from './configuration.ts';
import { refusalJson } from './json/refusalJson.ts';
import { refusalTable } from './table/refusalSection.ts';
import { alignRows } from './table/tableLayout.ts';
import { tableWidth } from './terminal.ts';

const mostRefusals = 10_000;

/** Lists refusals, newest first. Returns the exit code. */
export function runRefusals({ sinceMs, json, state }: OptionsOf<'refusals'>): number {
  const { stdout } = process;
  const now = Date.now();
  const ledger = openLedger({ directory: stateDirectory(state, process.env), now: () => now });
  const refusals = ledger.lastRefusals(mostRefusals).filter(({ at }) => at >= now - sinceMs);
  ledger.close();
  const list = refusals.map(refusalJson);
  if (json) stdout.write(`${JSON.stringify({ refusals: list }, null, stdout.isTTY ? 2 : undefined)}\n`);
  else if (list.length === 0) stdout.write('Nothing was refused in that time.\n');
  else stdout.write(`${alignRows(refusalTable(list, now), tableWidth()).join('\n')}\n`);
  return 0;
}
