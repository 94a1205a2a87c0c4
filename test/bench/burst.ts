import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { contenders, planOf } from './burst/contenders.ts';
import { startEmulator } from './burst/emulator.ts';
import { startGateway } from './burst/headroom.ts';
import { heading, row } from './burst/rows.ts';
import { type Run, run } from './burst/run.ts';
import { concurrencyWork, tokenWork, type Work, windowWork } from './burst/work.ts';
import { type Figure, isMet, printFigures, printRows } from './gateway/figures.ts';
import { installPeers } from './gateway/peers.ts';

/**
 * More work than a limit takes, by the gateway as it is built and by what else is there for that: what their callers
 * see, what the server refuses, how long it takes. On loopback against the emulator, one after the other.
 * Run: node esbuild.mjs && node test/bench/burst.ts (Node 24). One series: burst.ts window
 */
if (!existsSync(path.resolve(import.meta.dirname, '../../dist/cli.cjs'))) {
  console.error('burst: dist is missing (node esbuild.mjs), nothing was measured');
  process.exit(1);
}
const folder = mkdtempSync(path.join(tmpdir(), 'headroom-burst-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
installPeers();
const emulator = await startEmulator();
const all = await contenders(emulator, folder);
const figures: Figure[] = [];

async function compare(name: string, work: Work): Promise<void> {
  const rows = [heading];
  for (const contender of all) {
    const result = await contender.run(work);
    rows.push(row(contender.name, result));
    if (contender === all[0]) promise(name, result);
  }
  printSeries(`${name}: ${work.requests} requests, ${work.atOnce} at once`, work, rows);
}

function promise(name: string, result: Run): void {
  figures.push(shown(name, result), refused(name, result, 0.2), {
    name: `${name}: time / least possible`,
    value: result.seconds / result.leastSeconds,
    sign: '≤',
    limit: 1.05,
  });
}

/** All that no caller had an answer to, whatever it was told. */
function shown(name: string, { requests, answered }: Run): Figure {
  return { name: `${name}: not answered`, value: requests - answered, sign: '≤', limit: 0 };
}

function refused(name: string, result: Run, limit: number): Figure {
  const value = (100 * result.refused) / result.requests;
  return { name: `${name}: refused at the server`, value, sign: '≤', limit, unit: ' %' };
}

function together(name: string, result: Run): void {
  printSeries(name, windowWork, [heading, row('headroom', result)]);
  figures.push(shown(name, result), refused(name, result, 0.5), {
    name: `${name}: longest wait / fair share`,
    value: result.unfairness,
    sign: '≤',
    limit: 1.2,
  });
}

function printSeries(title: string, work: Work, rows: readonly (readonly string[])[]): void {
  console.log(`${title}; ${work.leastSeconds} s at least`);
  printRows(rows);
}

/** One token, one state, half of the work each. */
async function gateways(): Promise<void> {
  const state = path.join(folder, 'shared');
  const both = [
    await startGateway(emulator, windowWork, state),
    await startGateway(emulator, windowWork, state),
  ];
  const half = { requests: windowWork.requests / 2, atOnce: windowWork.atOnce / 2 };
  const plans = both.map(({ target }) => planOf(windowWork, 'openai-0', target, half));
  together('two gateways', await run(emulator, windowWork, plans));
  for (const gateway of both) await gateway.end();
}

/** A quarter of the work each, by programs that call themselves by different names. */
async function programs(): Promise<void> {
  const gateway = await startGateway(emulator, windowWork, path.join(folder, 'programs'));
  const quarter = { requests: windowWork.requests / 4, atOnce: windowWork.atOnce / 4 };
  const plans = ['one', 'two', 'three', 'four'].map(name => {
    const headers = { 'user-agent': `program-${name}/1.0`, 'x-hf-session-id': randomUUID() };
    return planOf(windowWork, 'openai-0', gateway.target, { ...quarter, headers });
  });
  together('four programs', await run(emulator, windowWork, plans));
  await gateway.end();
}

const series = {
  window: () => compare('window', windowWork),
  tokens: () => compare('tokens', tokenWork),
  concurrency: () => compare('concurrency', concurrencyWork),
  gateways,
  programs,
};
const wanted = process.argv.slice(2);
for (const [name, measure] of Object.entries(series)) {
  if (wanted.length === 0 || wanted.includes(name)) await measure();
}
console.log('burst: what headroom promises');
printFigures(figures);
process.exit(figures.every(isMet) ? 0 : 1);
