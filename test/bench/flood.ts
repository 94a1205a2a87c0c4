import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Figure, isMet, median, printFigures, printRows, short } from './gateway/figures.ts';
import { startHeadroom } from './gateway/headroom.ts';
import { measureLoad, type Slice } from './gateway/load.ts';
import { compileNatives } from './gateway/natives.ts';
import { canPin, pin, pinMain, residentKiB, setIdlePriority } from './gateway/processUse.ts';
import { lineOf, start } from './gateway/server.ts';

/**
 * Bench of a caller with the key beside floods without it: p50 and throughput, as ratios to those without the flood.
 * Linux only, needs a C compiler. The gateway has a core; caller, upstream and flooder share the other one, where the
 * flooder runs only while it is idle: so the ratios show the gateway's work, and not that of the flooder.
 * Exits with 1 when a limit is missed. Run: node esbuild.mjs && node test/bench/flood.ts [FLOOD…] (Node 24).
 */
const roundCount = 9;
const seconds = 0.5;
const callers = 1;
const serverCore = 0;
const otherCore = 1;
const mostRatio = 1.3;
/** Descriptors left after a flood: connections to upstream that are kept for some seconds. */
const mostLeft = 8;

const folder = mkdtempSync(path.join(tmpdir(), 'headroom-flood-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const natives = compileNatives(folder);
if (!natives) {
  console.error('flood: no C compiler (cc), nothing was measured');
  process.exit(1);
}
const upstream = start(natives.upstream, []);
const upstreamPort = Number(await lineOf(upstream));
const caller = { program: natives.load, folder, upstreamPort };
const headroom = await startHeadroom(`http://127.0.0.1:${upstreamPort}`, folder);
pinMain(headroom.pid, serverCore);
pin(upstream.pid, otherCore);
if (!canPin) console.log('taskset: not available, so processes move between cores');

const measure = (duration = seconds) =>
  measureLoad(caller, headroom, 'bench-json', { callers, seconds: duration, core: otherCore });
const perSecond = ({ responses, seconds }: Slice) => responses / seconds;
const descriptors = () => readdirSync(`/proc/${headroom.pid}/fd`).length;
const figures: Figure[] = [];
const rows = [
  ['', 'p50 µs', 'beside', 'p99 µs', 'beside', 'requests/s', 'beside', 'MiB', 'descriptors', 'after'],
];

async function beside(flood: string): Promise<void> {
  const without: Slice[] = [];
  const during: Slice[] = [];
  const before = descriptors();
  let mostDescriptors = 0;
  let mostKiB = 0;
  for (let round = 0; round < roundCount; round++) {
    without.push(await measure());
    const flooder = start(process.execPath, [
      path.join(import.meta.dirname, 'flood/flooder.ts'),
      flood,
      String(headroom.port),
    ]);
    pin(flooder.pid, otherCore);
    setIdlePriority(flooder.pid, true);
    await lineOf(flooder);
    // unmeasured: the burst that the bounds allow
    await pause(500);
    during.push(await measure());
    mostDescriptors = Math.max(mostDescriptors, descriptors());
    mostKiB = Math.max(mostKiB, residentKiB(headroom.pid));
    flooder.kill('SIGKILL');
    await pause(500);
  }
  // undici keeps an idle connection for 4 s
  for (let waits = 0; waits < 20 && descriptors() > before + mostLeft; waits++) await pause(500);
  const [one, other] = [without, during].map(slices => ({
    p50: median(slices.map(({ p50Us }) => p50Us)),
    p99: median(slices.map(({ p99Us }) => p99Us)),
    rate: median(slices.map(perSecond)),
  }));
  if (!one || !other) return;
  const after = descriptors();
  rows.push([
    flood,
    ...[one.p50, other.p50, one.p99, other.p99, one.rate, other.rate, mostKiB / 1024].map(short),
    String(mostDescriptors),
    `${before} → ${after}`,
  ]);
  // of neighbours in time: other programs of the machine slow down both
  const ratio = (of: (slice: Slice, beside: Slice) => number) =>
    median(without.map((slice, round) => of(slice, during[round] ?? slice)));
  figures.push(
    {
      name: `${flood}: p50 / without`,
      value: ratio((slice, flooded) => flooded.p50Us / slice.p50Us),
      atMost: mostRatio,
    },
    {
      name: `${flood}: throughput without / beside`,
      value: ratio((slice, flooded) => perSecond(slice) / perSecond(flooded)),
      atMost: mostRatio,
    },
    { name: `${flood}: descriptors left`, value: after - before, atMost: mostLeft },
  );
}

const floods = [
  'idle-connections',
  'pipelined-gets',
  'anonymous-gets',
  'wrong-keys',
  'slow-heads',
  'slow-bodies',
  'big-bodies',
];
await measure(8);
const wanted = process.argv.slice(2);
for (const flood of floods) if (wanted.length === 0 || wanted.includes(flood)) await beside(flood);
printRows(rows);
printFigures(figures);
process.exit(figures.every(isMet) ? 0 : 1);
