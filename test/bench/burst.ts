import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { headroomAlone, startPeers } from './burst/contenders.ts';
import { startEmulator } from './burst/emulator.ts';
import { startGateway } from './burst/headroom.ts';
import { withLastRequests } from './burst/leastSeconds.ts';
import type { Plan } from './burst/plan.ts';
import { type Run, run } from './burst/run.ts';
import { concurrencyWork, planOf, tokenWork, unexplainedWork, type Work, windowWork } from './burst/work.ts';
import { type Figure, isMet, printFigures, printRows, short } from './gateway/figures.ts';

/**
 * More requests than a limit allows, through the built gateway and through other clients: refusals that callers see,
 * refusals at the server, and the time it takes. On loopback against the emulator, one after the other.
 * Run: node esbuild.mjs && node test/bench/burst.ts (Node 24), about 7 minutes, mostly waiting. One series:
 * burst.ts window. Without the other clients: burst.ts --alone
 */
if (!existsSync(path.resolve(import.meta.dirname, '../../dist/cli.cjs'))) {
  console.error('burst: dist is missing, nothing was measured. Run node esbuild.mjs first.');
  process.exit(1);
}
const folder = mkdtempSync(path.join(tmpdir(), 'headroom-burst-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const emulator = await startEmulator();
const wanted = process.argv.slice(2).filter(argument => argument !== '--alone');
const headroom = headroomAlone(emulator, folder);
const peers = process.argv.includes('--alone') ? [] : await startPeers(emulator);
const figures: Figure[] = [];

async function compare(name: string, limit: Work): Promise<void> {
  const work = await withLastRequests(emulator, limit);
  const result = await headroom.run(work);
  addFigures(name, result);
  const rows = [heading, row(headroom.name, result)];
  for (const peer of peers) {
    try {
      rows.push(row(peer.name, await peer.run(work)));
    } catch (error) {
      console.log(`  ${peer.name}: ${error}`);
      rows.push([peer.name, '-']);
    }
  }
  printSeries(`${name}: ${work.requests} requests, ${work.atOnce} at once`, work, rows);
}

function addFigures(name: string, result: Run): void {
  figures.push(seenByCallers(name, result), refusedAtServer(name, result, 0.2), {
    name: `${name}: time / least possible`,
    value: result.seconds / result.leastSeconds,
    atMost: 1.05,
  });
}

/** Requests without an answer, for any reason. */
function seenByCallers(name: string, { requests, answered }: Run): Figure {
  return { name: `${name}: seen by callers`, value: requests - answered, atMost: 0 };
}

function refusedAtServer(name: string, result: Run, limit: number): Figure {
  const value = (100 * result.refused) / result.requests;
  return { name: `${name}: refused at the server`, value, atMost: limit, unit: ' %' };
}

async function together(name: string, plans: readonly Plan[]): Promise<void> {
  const work = await withLastRequests(emulator, windowWork);
  const result = await run(emulator, work, plans);
  printSeries(name, work, [heading, row('headroom', result)]);
  figures.push(seenByCallers(name, result), refusedAtServer(name, result, 0.5), {
    name: `${name}: longest wait / fair share`,
    value: result.unfairness,
    atMost: 1.2,
  });
}

const heading = ['', 'answered', 'seen', 'refused', 'of the work', 'seconds', '× least'];

/** Times are in brackets when requests are missing: the work was not completed. */
function row(name: string, run: Run): string[] {
  const { requests, answered, shown, failed, lastFailure, refused, seconds, leastSeconds } = run;
  const timed = (value: number) => (answered === requests ? short(value) : `(${short(value)})`);
  if (failed > 0) console.log(`  ${name}: ${failed} failed otherwise, last with ${lastFailure}`);
  return [
    name,
    short(answered),
    short(shown),
    short(refused),
    `${short((100 * refused) / requests)} %`,
    timed(seconds),
    timed(seconds / leastSeconds),
  ];
}

function printSeries(title: string, work: Work, rows: readonly (readonly string[])[]): void {
  console.log(`${title}; ${short(work.leastSeconds)} s at least`);
  printRows(rows);
}

/** Printed without a limit: a server that does not name its limit can't be paced as well. */
async function unexplained(): Promise<void> {
  const rows = [heading, row(headroom.name, await headroom.run(unexplainedWork))];
  printSeries('concurrency, unexplained', unexplainedWork, rows);
}

/** Two gateways with the same token and state folder, half of the work each. */
async function gateways(): Promise<void> {
  const state = path.join(folder, 'shared');
  const both = [
    await startGateway(emulator, windowWork, state),
    await startGateway(emulator, windowWork, state),
  ];
  const half = { requests: windowWork.requests / 2, atOnce: windowWork.atOnce / 2 };
  const plans = both.map(({ target }) => planOf(windowWork, 'openai-0', target, half));
  await together('two gateways', plans);
  for (const gateway of both) await gateway.end();
}

/** Four programs with different user agents, a quarter of the work each. */
async function programs(): Promise<void> {
  const gateway = await startGateway(emulator, windowWork, path.join(folder, 'programs'));
  const quarter = { requests: windowWork.requests / 4, atOnce: windowWork.atOnce / 4 };
  const plans = ['one', 'two', 'three', 'four'].map(name => {
    const headers = { 'user-agent': `program-${name}/1.0`, 'x-hf-session-id': randomUUID() };
    return planOf(windowWork, 'openai-0', gateway.target, { ...quarter, headers });
  });
  await together('four programs', plans);
  await gateway.end();
}

const series = {
  window: () => compare('window', windowWork),
  tokens: () => compare('tokens', tokenWork),
  concurrency: () => compare('concurrency', concurrencyWork),
  unexplained,
  gateways,
  programs,
};
const unknown = wanted.filter(name => !(name in series));
if (unknown.length > 0) {
  console.error(`burst: unknown series ${unknown.join(', ')}. Known: ${Object.keys(series).join(', ')}.`);
  process.exit(2);
}
for (const [name, measure] of Object.entries(series)) {
  if (wanted.length === 0 || wanted.includes(name)) await measure();
}
console.log('burst: limits for headroom');
printFigures(figures);
process.exit(figures.every(isMet) ? 0 : 1);
