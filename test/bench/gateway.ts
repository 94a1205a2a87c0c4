import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Figure,
  isMet,
  median,
  printFigures,
  printRows,
  short,
  spreadPercent,
} from './gateway/figures.ts';
import { startHeadroom } from './gateway/headroom.ts';
import { type Answer, ask, type Caller, type Slice, upload, whileOpen } from './gateway/load.ts';
import { compileNatives } from './gateway/natives.ts';
import { installPeers, startHttpProxy, startNginx, startPortkey } from './gateway/peers.ts';
import {
  canPin,
  cpuSeconds,
  forgetPeak,
  letGiveWay,
  peakKiB,
  pin,
  pinMain,
  residentKiB,
} from './gateway/processUse.ts';
import { recordingCosts } from './gateway/recordingCosts.ts';
import { lineOf, type Server, start } from './gateway/server.ts';

/**
 * The gateway as it is shipped, with everything on, against nginx, http-proxy and Portkey's gateway, in interleaved
 * rounds on loopback. Linux only; needs a C compiler, leaves nginx out where it is not installed, and fails beyond a limit.
 * Run: node esbuild.mjs && node test/bench/gateway.ts (Node 24).
 */
/** Many short ones: a shared machine has slow phases of some seconds, which must not fall on one server alone. */
const roundCount = 15;
const openStreamCount = 2_000;
const uploadBytes = 100 * 1024 * 1024;
/** The server under test has a core of its own, unless one caller is to have its answer on one core. */
const serverCore = 0;
const otherCore = 1;

const folder = mkdtempSync(path.join(tmpdir(), 'headroom-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const natives = compileNatives(folder);
if (!natives) {
  console.error('gateway: no C compiler (cc), nothing was measured');
  process.exit(1);
}
installPeers();

const upstreamProcess = start(natives.upstream, []);
const port = Number(await lineOf(upstreamProcess));
const caller: Caller = { program: natives.load, folder, upstreamPort: port };
const upstreamUrl = `http://127.0.0.1:${port}`;
const direct: Server = { name: 'direct', port, pid: upstreamProcess.pid, headers: {} };
const nginx = await startNginx(upstreamUrl, folder);
const httpProxy = await startHttpProxy(upstreamUrl);
const portkey = await startPortkey(upstreamUrl);
const headroom = await startHeadroom(upstreamUrl, folder);
const everybody = [direct, ...(nginx ? [nginx] : []), httpProxy, portkey, headroom];
if (!nginx) console.log('nginx: not installed');
if (!canPin) console.log('taskset: not available, so processes move between cores');

interface Measured extends Slice {
  readonly cpuSeconds: number;
}

let isWarm = false;

/** Unmeasured: a compiler is done after tens of thousands of requests, and pools are filled. */
async function warmUp(): Promise<void> {
  if (isWarm) return;
  isWarm = true;
  for (const server of everybody) {
    pinMain(server.pid, serverCore);
    await ask(caller, server, 'bench-json', { callers: 32, seconds: 8, core: otherCore });
  }
}

/** The slices of each server by its name, taken in turns. */
async function interleave(
  servers: readonly Server[],
  answer: Answer,
  { callers = 1, seconds = 0.4, oneCore = false, rounds = roundCount },
): Promise<(server: Server) => Measured[]> {
  await warmUp();
  const core = oneCore ? serverCore : otherCore;
  const slices = new Map<Server, Measured[]>(servers.map(server => [server, []]));
  for (const server of servers) (oneCore ? pin : pinMain)(server.pid, serverCore);
  pin(upstreamProcess.pid, core);
  // unmeasured: what this kind of request needs besides
  for (const server of servers) await ask(caller, server, answer, { callers, seconds: 1, core });
  for (let round = 0; round < rounds; round++) {
    for (const server of servers) {
      const before = cpuSeconds(server.pid);
      const slice = await ask(caller, server, answer, { callers, seconds, core });
      slices.get(server)?.push({ ...slice, cpuSeconds: cpuSeconds(server.pid) - before });
    }
  }
  return server => slices.get(server) ?? [];
}

const medianOf = (slices: readonly Measured[], value: (slice: Measured) => number) =>
  median(slices.map(value));
const perSecond = (slice: Measured) => slice.answers / slice.seconds;
const cpuPerThousand = (slice: Measured) => (1_000 * slice.cpuSeconds) / slice.answers;
const figures: Figure[] = [];
const details: string[][] = [['', ...everybody.map(({ name }) => name), 'noise of headroom']];

function detail(
  name: string,
  slices: (server: Server) => Measured[],
  value: (slice: Measured) => number,
): (server: Server) => number {
  const of = (server: Server) => medianOf(slices(server), value);
  details.push([
    name,
    ...everybody.map(server => short(of(server))),
    `± ${short(spreadPercent(slices(headroom).map(value)))} %`,
  ]);
  return of;
}

async function oneCaller(): Promise<void> {
  const slices = await interleave(everybody, 'bench-json', { seconds: 0.3, oneCore: true });
  const latency = detail('1 caller, one core: p50 µs', slices, slice => slice.p50Us);
  const added = (server: Server) => latency(server) - latency(direct);
  figures.push(
    {
      name: '1 caller, added latency / portkey',
      value: added(headroom) / added(portkey),
      sign: '≤',
      limit: 1 / 8,
    },
    {
      name: '1 caller, added latency / http-proxy',
      value: added(headroom) / added(httpProxy),
      sign: '≤',
      limit: 0.6,
    },
  );
}

async function manyCallers(): Promise<void> {
  const slices = await interleave(everybody, 'bench-json', { callers: 32 });
  const rate = detail('32 callers: requests/s', slices, perSecond);
  const cpu = detail('32 callers: CPU s per 1,000', slices, cpuPerThousand);
  figures.push(
    { name: '32 callers, throughput / portkey', value: rate(headroom) / rate(portkey), sign: '≥', limit: 10 },
    {
      name: '32 callers, throughput / http-proxy',
      value: rate(headroom) / rate(httpProxy),
      sign: '≥',
      limit: 1.4,
    },
  );
  if (nginx) {
    figures.push({
      name: '32 callers, throughput / nginx',
      value: rate(headroom) / rate(nginx),
      sign: '≥',
      limit: 0.15,
    });
  }
  figures.push({
    name: '32 callers, CPU / http-proxy',
    value: cpu(headroom) / cpu(httpProxy),
    sign: '≤',
    limit: 0.7,
  });
}

async function streams(): Promise<void> {
  // the caller shares its core, and is to see an answer when it is there, not when 200 events have been sent
  letGiveWay(upstreamProcess.pid, true);
  const slices = await interleave(everybody, 'bench-burst', { seconds: 0.3 });
  const firstByte = detail('200 events at once: first byte µs', slices, slice => slice.firstByteP50Us);
  detail('200 events at once: streams/s', slices, perSecond);
  const four = await interleave(everybody, 'bench-burst', { seconds: 0.3, callers: 4 });
  const firstByteOfFour = detail('the same, 4 callers: first byte µs', four, slice => slice.firstByteP50Us);
  const steps = await interleave(everybody, 'bench-steps', { seconds: 0.3 });
  detail('200 events in steps: first byte µs', steps, slice => slice.firstByteP50Us);
  detail('200 events in steps: delay of each µs', steps, slice => slice.delayP50Us);
  letGiveWay(upstreamProcess.pid, false);
  const held = detail('200 events in steps: held back', steps, slice => slice.held);
  const merged = detail('200 events in steps: merged', steps, slice => slice.merged);
  if (nginx) {
    figures.push({
      name: 'stream, first byte / nginx',
      value: firstByte(headroom) / firstByte(nginx),
      sign: '≤',
      limit: 2.5,
    });
    figures.push({
      name: '4 streams, first byte / nginx',
      value: firstByteOfFour(headroom) / firstByteOfFour(nginx),
      sign: '≤',
      limit: 2.5,
    });
  }
  figures.push(
    { name: 'stream, events held back', value: held(headroom), sign: '≤', limit: 0 },
    { name: 'stream, events merged', value: merged(headroom), sign: '≤', limit: 0 },
  );
}

async function uploads(): Promise<void> {
  const servers = [direct, ...(nginx ? [nginx] : []), httpProxy, headroom];
  const rates = new Map<Server, number[]>(servers.map(server => [server, []]));
  // what any body takes is there before
  for (const server of servers) await upload(caller, server, uploadBytes / 10, otherCore);
  let growth = 0;
  for (let round = 0; round < roundCount; round++) {
    for (const server of servers) {
      forgetPeak(server.pid);
      const before = residentKiB(server.pid);
      const seconds = await upload(caller, server, uploadBytes, otherCore);
      rates.get(server)?.push(uploadBytes / 1024 / 1024 / seconds);
      if (server === headroom) growth = Math.max(growth, (peakKiB(server.pid) - before) / 1024);
    }
  }
  const rate = (server: Server) => median(rates.get(server) ?? []);
  details.push(['100 MB upload: MB/s', ...everybody.map(server => short(rate(server)))]);
  figures.push(
    {
      name: 'upload, throughput / http-proxy',
      value: rate(headroom) / rate(httpProxy),
      sign: '≥',
      limit: 0.9,
    },
    { name: 'upload, memory grows by at most', value: growth, sign: '≤', limit: 10, unit: ' MB' },
  );
}

async function openStreams(): Promise<void> {
  const servers = [...(nginx ? [nginx] : []), httpProxy, headroom];
  const perStream = new Map<Server, number>();
  for (const server of servers) {
    await ask(caller, server, 'bench-json', { callers: 8, seconds: 0.5, core: otherCore });
    const before = residentKiB(server.pid);
    const grown = await whileOpen(caller, server, openStreamCount, async () => {
      await pause(500);
      return residentKiB(server.pid) - before;
    });
    perStream.set(server, grown / openStreamCount);
  }
  const of = (server: Server) => perStream.get(server) ?? Number.NaN;
  details.push(['2,000 open streams: KiB each', ...everybody.map(server => short(of(server)))]);
  figures.push({ name: '2,000 open streams, each', value: of(headroom), sign: '≤', limit: 45, unit: ' KiB' });
}

async function recording(): Promise<void> {
  const measure = await recordingCosts(caller, upstreamUrl, upstreamProcess.pid);
  for (const [answer, name, limit] of [
    ['bench-json', 'JSON', 15],
    ['bench-burst', 'streams', 5],
  ] as const) {
    const { throughputPercent, cpuPercent } = await measure(answer, 2 * roundCount);
    console.log(`recording, ${name}: ${short(cpuPercent)} % of the CPU of all threads`);
    figures.push({
      name: `recording costs throughput, ${name}`,
      value: throughputPercent,
      sign: '≤',
      limit,
      unit: ' %',
    });
  }
}

// fresh processes first: what a heap has grown to is not given back
const series = { openStreams, uploads, manyCallers, oneCaller, streams, recording };
const wanted = process.argv.slice(2);
for (const [name, measure] of Object.entries(series)) {
  if (wanted.length === 0 || wanted.includes(name)) await measure();
}

console.log('gateway: medians of interleaved rounds');
printRows(details);
console.log('  portkey waits 25 ms before the first event of each stream, by design.');
console.log('gateway: ratios of medians');
printFigures(figures);
process.exit(figures.every(isMet) ? 0 : 1);
