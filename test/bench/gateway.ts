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
import { type BenchModel, type Caller, measureLoad, type Slice, upload, whileOpen } from './gateway/load.ts';
import { compileNatives } from './gateway/natives.ts';
import { installPeers, startBareRelay, startHttpProxy, startNginx, startPortkey } from './gateway/peers.ts';
import {
  canPin,
  cpuSeconds,
  forgetPeak,
  peakKiB,
  pin,
  pinMain,
  residentKiB,
  setIdlePriority,
} from './gateway/processUse.ts';
import { recordingCosts } from './gateway/recordingCosts.ts';
import { lineOf, type Server, start } from './gateway/server.ts';

/**
 * Bench of the shipped gateway against nginx, http-proxy and Portkey's gateway: interleaved rounds on loopback. A bare
 * relay of node:http and undici shows how near these two let a gateway come to the limits on this machine.
 * Linux only, needs a C compiler, skips nginx where it is not installed. Exits with 1 when a limit is missed.
 * Run: node esbuild.mjs && node test/bench/gateway.ts [SERIES…] (Node 24).
 */
/** Many short rounds spread the slow phases of a shared machine (some seconds) over all servers. */
const roundCount = 15;
const openStreamCount = 2_000;
const uploadBytes = 100 * 1024 * 1024;
/** Core of the server under test; upstream and load use the other one, except in `oneCaller`. */
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
const bareRelay = await startBareRelay(upstreamUrl);
const portkey = await startPortkey(upstreamUrl);
const headroom = await startHeadroom(upstreamUrl, folder);
const servers = [direct, ...(nginx ? [nginx] : []), httpProxy, bareRelay, portkey, headroom];
if (!nginx) console.log('nginx: not installed');
if (!canPin) console.log('taskset: not available, so processes move between cores');

interface Measured extends Slice {
  readonly cpuSeconds: number;
}

let isWarm = false;

/** Unmeasured: V8 compiles hot code within tens of thousands of requests, and connection pools fill. */
async function warmUp(): Promise<void> {
  if (isWarm) return;
  isWarm = true;
  for (const server of servers) {
    pinMain(server.pid, serverCore);
    await measureLoad(caller, server, 'bench-json', { callers: 32, seconds: 8, core: otherCore });
  }
}

/** Measured slices of each server, taken in turns. */
async function interleave(
  model: BenchModel,
  { callers = 1, seconds = 0.4, oneCore = false, among = servers.filter(each => each !== bareRelay) },
): Promise<(server: Server) => Measured[]> {
  await warmUp();
  const core = oneCore ? serverCore : otherCore;
  const slices = new Map<Server, Measured[]>(among.map(server => [server, []]));
  for (const server of among) (oneCore ? pin : pinMain)(server.pid, serverCore);
  pin(upstreamProcess.pid, core);
  // unmeasured: warms up the code for this kind of request
  for (const server of among) await measureLoad(caller, server, model, { callers, seconds: 1, core });
  for (let round = 0; round < roundCount; round++) {
    for (const server of among) {
      const before = cpuSeconds(server.pid);
      const slice = await measureLoad(caller, server, model, { callers, seconds, core });
      slices.get(server)?.push({ ...slice, cpuSeconds: cpuSeconds(server.pid) - before });
    }
  }
  return server => slices.get(server) ?? [];
}

const medianOf = (slices: readonly Measured[], value: (slice: Measured) => number) =>
  median(slices.map(value));
const perSecond = (slice: Measured) => slice.responses / slice.seconds;
const cpuPerThousand = (slice: Measured) => (1_000 * slice.cpuSeconds) / slice.responses;
const figures: Figure[] = [];
const details: string[][] = [['', ...servers.map(({ name }) => name), 'noise of headroom']];

function detail(
  name: string,
  slices: (server: Server) => Measured[],
  value: (slice: Measured) => number,
): (server: Server) => number {
  const of = (server: Server) => medianOf(slices(server), value);
  details.push([
    name,
    ...servers.map(server => short(of(server))),
    `± ${short(spreadPercent(slices(headroom).map(value)))} %`,
  ]);
  return of;
}

async function oneCaller(): Promise<void> {
  const slices = await interleave('bench-json', { seconds: 0.3, oneCore: true });
  const latency = detail('1 caller, one core: p50 µs', slices, slice => slice.p50Us);
  const added = (server: Server) => latency(server) - latency(direct);
  figures.push(
    { name: '1 caller, added latency / portkey', value: added(headroom) / added(portkey) },
    { name: '1 caller, added latency / http-proxy', value: added(headroom) / added(httpProxy), atMost: 0.85 },
  );
}

async function manyCallers(): Promise<void> {
  const slices = await interleave('bench-json', { callers: 32, among: servers });
  const rate = detail('32 callers: requests/s', slices, perSecond);
  const cpu = detail('32 callers: CPU s per 1,000', slices, cpuPerThousand);
  figures.push(
    { name: '32 callers, throughput / portkey', value: rate(headroom) / rate(portkey), atLeast: 7 },
    { name: '32 callers, throughput / http-proxy', value: rate(headroom) / rate(httpProxy), atLeast: 2 },
  );
  if (nginx) {
    figures.push({
      name: '32 callers, throughput / nginx',
      value: rate(headroom) / rate(nginx),
      atLeast: 0.18,
    });
  }
  figures.push({ name: '32 callers, CPU / http-proxy', value: cpu(headroom) / cpu(httpProxy), atMost: 0.5 });
  figures.push(
    { name: '32 callers, bare relay: throughput / http-proxy', value: rate(bareRelay) / rate(httpProxy) },
    { name: '32 callers, bare relay: CPU / http-proxy', value: cpu(bareRelay) / cpu(httpProxy) },
    { name: '32 callers, CPU / bare relay', value: cpu(headroom) / cpu(bareRelay), atMost: 1.5 },
  );
}

async function streams(): Promise<void> {
  // upstream shares its core with the load, which must read the first event before upstream has sent all 200
  setIdlePriority(upstreamProcess.pid, true);
  const slices = await interleave('bench-burst', { seconds: 0.3 });
  const firstByte = detail('200 events at once: first byte µs', slices, slice => slice.firstByteP50Us);
  detail('200 events at once: streams/s', slices, perSecond);
  const four = await interleave('bench-burst', { seconds: 0.3, callers: 4 });
  const firstByteOfFour = detail('the same, 4 callers: first byte µs', four, slice => slice.firstByteP50Us);
  const steps = await interleave('bench-steps', { seconds: 0.3 });
  detail('200 events in steps: first byte µs', steps, slice => slice.firstByteP50Us);
  detail('200 events in steps: delay of each µs', steps, slice => slice.delayP50Us);
  setIdlePriority(upstreamProcess.pid, false);
  const held = detail('200 events in steps: held back', steps, slice => slice.held);
  const merged = detail('200 events in steps: merged', steps, slice => slice.merged);
  if (nginx) {
    const ratio = (of: typeof firstByte) => of(headroom) / of(nginx);
    figures.push(
      { name: 'stream, first byte / nginx', value: ratio(firstByte), atMost: 2.5 },
      { name: '4 streams, first byte / nginx', value: ratio(firstByteOfFour), atMost: 2.5 },
    );
  }
  figures.push(
    { name: 'stream, events held back', value: held(headroom), atMost: 0 },
    { name: 'stream, events merged', value: merged(headroom), atMost: 0 },
  );
}

async function uploads(): Promise<void> {
  const uploaded = servers.filter(server => server !== portkey && server !== bareRelay);
  const rates = new Map<Server, number[]>(uploaded.map(server => [server, []]));
  // unmeasured: buffers that an upload of any size needs
  for (const server of uploaded) await upload(caller, server, uploadBytes / 10, otherCore);
  let growth = 0;
  for (let round = 0; round < roundCount; round++) {
    for (const server of uploaded) {
      forgetPeak(server.pid);
      const before = residentKiB(server.pid);
      const seconds = await upload(caller, server, uploadBytes, otherCore);
      rates.get(server)?.push(uploadBytes / 1024 / 1024 / seconds);
      if (server === headroom) growth = Math.max(growth, (peakKiB(server.pid) - before) / 1024);
    }
  }
  const rate = (server: Server) => median(rates.get(server) ?? []);
  details.push(['100 MB upload: MB/s', ...servers.map(server => short(rate(server)))]);
  figures.push(
    { name: 'upload, throughput / http-proxy', value: rate(headroom) / rate(httpProxy), atLeast: 0.9 },
    { name: 'upload, growth of memory', value: growth, atMost: 10, unit: ' MB' },
  );
}

async function openStreams(): Promise<void> {
  const perStream = new Map<Server, number>();
  for (const server of [...(nginx ? [nginx] : []), httpProxy, headroom]) {
    await measureLoad(caller, server, 'bench-json', { callers: 8, seconds: 0.5, core: otherCore });
    const before = residentKiB(server.pid);
    const grown = await whileOpen(caller, server, openStreamCount, async () => {
      await pause(500);
      return residentKiB(server.pid) - before;
    });
    perStream.set(server, grown / openStreamCount);
  }
  const of = (server: Server) => perStream.get(server) ?? Number.NaN;
  details.push(['2,000 open streams: KiB each', ...servers.map(server => short(of(server)))]);
  figures.push({ name: '2,000 open streams, each', value: of(headroom), atMost: 45, unit: ' KiB' });
}

async function recording(): Promise<void> {
  const measure = await recordingCosts(caller, upstreamUrl, upstreamProcess.pid);
  for (const [model, name, limit] of [
    ['bench-json', 'JSON', 15],
    ['bench-burst', 'streams', 5],
  ] as const) {
    const { throughputPercent, cpuPercent } = await measure(model, 2 * roundCount);
    console.log(`recording, ${name}: ${short(cpuPercent)} % of the CPU of all threads`);
    figures.push({
      name: `recording, loss of throughput, ${name}`,
      value: throughputPercent,
      atMost: limit,
      unit: ' %',
    });
  }
}

// memory first, in fresh processes: a grown heap does not shrink again
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
