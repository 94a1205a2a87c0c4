import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { mostTallies } from '../../src/limits/bounds.ts';
import type { RequestTally } from '../../src/limits/requests/requestTally.ts';

/**
 * Recording requests in batches of 100 into a full table, where each batch deletes as many; and reading, after a
 * month of busy hours.
 * Run: node test/bench/tallies.ts (Node 24).
 */
const batchSize = 100;
const batches = 500;
const models = ['org/large', 'org/small', 'org/vision', 'other/code'];
const payers = ['personal', 'org:acme'];
const hourMs = 3_600_000;

function batchAt(at: number): RequestTally[] {
  return Array.from({ length: batchSize }, (_, index) => ({
    at: at + index,
    status: index % 20 === 0 ? 429 : 200,
    billedTo: payers[index % payers.length] ?? '',
    provider: 'together',
    model: models[index % models.length] ?? '',
    promptTokens: 500 + index,
    completionTokens: 90 + index,
    costNanoUsd: 120_000 + index,
    durationMs: 850.25,
    firstByteMs: 120,
    workspace: 'here',
  }));
}

function medianMicroseconds(runs: readonly (() => unknown)[]): number {
  const samples = runs.map(run => {
    const start = process.hrtime.bigint();
    run();
    return Number(process.hrtime.bigint() - start) / 1e3;
  });
  return samples.sort((one, other) => one - other)[Math.floor(samples.length / 2)] ?? Number.NaN;
}

const directory = mkdtempSync(join(tmpdir(), 'headroom-bench-'));
try {
  const now = Date.now();
  const ledger = openLedger({ directory, now: Date.now });
  for (let hour = 700; hour > 0; hour--) ledger.recordTallies(batchAt(now - hour * hourMs));
  const prepared = Array.from({ length: batches }, (_, index) => batchAt(now + index * batchSize));
  const start = process.hrtime.bigint();
  const batch = medianMicroseconds(prepared.map(tallies => () => ledger.recordTallies(tallies)));
  const mean = Number(process.hrtime.bigint() - start) / 1e3 / batches / batchSize;
  console.log(
    `tallies.record median=${(batch / batchSize).toFixed(2)} µs mean=${mean.toFixed(2)} µs a request (limit 8 µs)`,
  );
  const one = prepared.map(([tally]) => tally).filter(tally => tally !== undefined);
  const single = medianMicroseconds(one.map(tally => () => ledger.recordTallies([tally])));
  console.log(`tallies.recordOne median=${single.toFixed(0)} µs`);
  const totals = medianMicroseconds(
    Array.from({ length: 101 }, () => () => ledger.tallyTotals(now - 30 * 24 * hourMs)),
  );
  console.log(`tallies.totalsOfMonth median=${(totals / 1e3).toFixed(2)} ms`);
  const here = medianMicroseconds(
    Array.from({ length: 101 }, () => () => ledger.workspaceUse('here', now - 24 * hourMs)),
  );
  console.log(`tallies.workspaceOfDay median=${here.toFixed(0)} µs (limit 500 µs)`);
  const last = medianMicroseconds(Array.from({ length: 101 }, () => () => ledger.lastTallies(50)));
  console.log(`tallies.last50 median=${(last / 1e3).toFixed(3)} ms`);
  console.log(`tallies.kept ${ledger.lastTallies(1_000_000).length} of at most ${mostTallies}`);
  ledger.close();
} finally {
  rmSync(directory, { recursive: true });
}
