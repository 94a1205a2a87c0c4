import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { DashboardReader } from '../../src/ledger/dashboardReader.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { dashboardSpans } from '../../src/view/dashboard/bins.ts';
import type { DashboardInput } from '../../src/view/dashboard/dashboardInput.ts';
import { dashboardPanels } from '../../src/view/dashboard/dashboardPanels.ts';
import { dashboardState, type Range, ranges } from '../../src/view/dashboard/dashboardState.ts';
import { batchAt, bigAccount, routerModels, writeYear } from './dashboard/year.ts';

/**
 * The data side of the dashboard after a busy year: 40 models, 8 providers, 5 folders, 3 payers, 300 endpoints.
 * Run: node test/bench/dashboard.ts (Node 24).
 */
const timeZone = 'Europe/Berlin';
let now = Date.UTC(2026, 10, 30, 15, 20);
const setNow = (at: number) => {
  now = at;
};

function milliseconds(run: () => unknown): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e3;
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
}

function times(count: number, run: (index: number) => unknown): number {
  return median(Array.from({ length: count }, (_, index) => milliseconds(() => run(index))));
}

let failed = false;
function report(name: string, value: number, unit: string, limit: number): void {
  failed ||= value > limit;
  console.log(`dashboard.${name} ${value.toFixed(2)} ${unit} (limit ${limit} ${unit})`);
}

const directory = mkdtempSync(join(tmpdir(), 'headroom-bench-'));
try {
  const ledger = openLedger({ directory, now: () => now });
  const filled = milliseconds(() => writeYear(ledger, now, setNow));
  const bytes = statSync(join(directory, 'ledger.db')).size;
  console.log(`dashboard.year written in ${(filled / 1e3).toFixed(1)} s, ${(bytes / 1e6).toFixed(1)} MB`);
  const account = bigAccount(now, timeZone);
  const inputOf = (range: Range, reader: DashboardReader): DashboardInput => ({
    ...account,
    now,
    serverNow: now,
    range,
    counted: reader.read(dashboardSpans(range, now, timeZone), now),
    models: routerModels,
  });
  for (const range of ranges) {
    const read = times(11, () => inputOf(range, new DashboardReader(ledger)));
    report(`read ${range}`, read, 'ms', 100);
    const reader = new DashboardReader(ledger);
    const panels = dashboardPanels(inputOf(range, reader));
    const made = times(21, () => dashboardPanels(inputOf(range, reader)));
    const json = JSON.stringify(panels);
    const update = times(101, index => {
      now += 1_000;
      ledger.recordTallies(batchAt(now).slice(0, 1 + (index % 3)));
      dashboardPanels(inputOf(range, reader));
    });
    const each = times(21, () => panels.map(panel => JSON.stringify(panel)));
    console.log(
      `dashboard.panels ${range} ${made.toFixed(2)} ms, ${(json.length / 1e3).toFixed(0)} kB of JSON, ${each.toFixed(2)} ms panel by panel; rows: ${panels.map(({ id, table }) => `${id} ${table.rows.length}`).join(', ')}`,
    );
    report(`update ${range}`, update, 'ms', 5);
    v.parse(dashboardState.entries.panels, panels);
  }
  ledger.close();
} finally {
  rmSync(directory, { recursive: true });
}
if (failed) process.exitCode = 1;
