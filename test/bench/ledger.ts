import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../../src/ledger/openLedger.ts';
import type { Refusal, RefusalCause } from '../../src/limits/refusals/refusal.ts';

/**
 * The ledger with a million refusals of the last 24 h: the median of what the views read, and two processes that
 * write at once.
 * Run: node test/bench/ledger.ts (Node 24).
 */
const refusalCount = 1_000_000;
const dayMs = 86_400_000;
const perWriter = 5_000;
const causes: readonly RefusalCause[] = ['rate', 'tokens', 'concurrency', 'credits', 'quota', 'capacity'];

function refusalAt(at: number, index: number): Refusal {
  return {
    at,
    status: 429,
    cause: causes[index % causes.length] ?? 'unknown',
    by: 'huggingface',
    scope: 'api',
    limit: 1000,
    remaining: 0,
    windowSeconds: 300,
    resetsAt: at + 300_000,
    source: 'gateway',
    message: `We had to rate limit you, request ${index}`,
  };
}

function medianMs(times: number, run: () => unknown): number {
  const samples = Array.from({ length: times }, () => {
    const start = process.hrtime.bigint();
    run();
    return Number(process.hrtime.bigint() - start) / 1e6;
  });
  return samples.sort((one, other) => one - other)[Math.floor(times / 2)] ?? Number.NaN;
}

function write(directory: string, count: number): void {
  const ledger = openLedger({ directory, now: Date.now });
  for (let index = 0; index < count; index++) ledger.recordRefusals([refusalAt(Date.now(), index)]);
  ledger.close();
}

async function bench(directory: string): Promise<void> {
  const now = Date.now();
  const since = now - dayMs;
  const ledger = openLedger({ directory, now: Date.now });
  const filling = process.hrtime.bigint();
  for (let from = 0; from < refusalCount; from += 10_000) {
    const batch = Array.from({ length: 10_000 }, (_, i) =>
      refusalAt(since + Math.floor(((from + i) / refusalCount) * dayMs), from + i),
    );
    ledger.recordRefusals(batch);
  }
  const fillSeconds = Number(process.hrtime.bigint() - filling) / 1e9;
  console.log(`ledger.fill refusals=${refusalCount} seconds=${fillSeconds.toFixed(1)}`);

  const last = medianMs(1_001, () => ledger.lastRefusals(50));
  console.log(`ledger.last50 median=${last.toFixed(3)} ms (limit 1 ms)`);
  ledger.close();

  const shared = join(directory, 'shared');
  const writing = process.hrtime.bigint();
  const writers = [0, 1].map(() => fork(import.meta.filename, ['write', shared]));
  await Promise.all(writers.map(writer => once(writer, 'exit')));
  const writeSeconds = Number(process.hrtime.bigint() - writing) / 1e9;
  const reader = openLedger({ directory: shared, now: Date.now });
  const found = reader.lastRefusals(3 * perWriter).length;
  reader.close();
  console.log(`ledger.twoWriters written=${2 * perWriter} found=${found} seconds=${writeSeconds.toFixed(1)}`);
}

const [mode, target] = process.argv.slice(2);
if (mode === 'write' && target) {
  write(target, perWriter);
} else {
  const directory = mkdtempSync(join(tmpdir(), 'headroom-bench-'));
  try {
    await bench(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
