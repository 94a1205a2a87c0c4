import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type FuzzResult, fuzz, mostMs } from '../unit/watch/fuzzing/fuzz.ts';

/**
 * A million random and mutated inputs through the classifier and the watchers: none throws, hangs, or holds
 * up an event loop for more than 20 ms. An input follows from its number, so it can be read again alone. Run:
 * node test/bench/fuzz.ts [number of inputs] [number of the first] (Node 24).
 */
const [inputs = 1_000_000, first = 0] = process.argv.slice(2).map(Number);
const silenceMs = 10_000;

if (isMainThread) watch();
else read(workerData as Int32Array);

/** A hanging thread can't report: another one checks that the numbers go on. */
function watch(): void {
  const current = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL(import.meta.url), { workerData: current, argv: [inputs, first] });
  let last = -1;
  const timer = setInterval(() => {
    const now = Atomics.load(current, 0);
    if (now === last) {
      console.log(`fuzz: input ${now} hangs`);
      process.exit(1);
    }
    last = now;
  }, silenceMs);
  worker.on('message', console.log);
  worker.on('error', error => {
    console.log(`fuzz: ${error.message}`);
    process.exitCode = 1;
  });
  worker.on('exit', () => clearInterval(timer));
}

function read(current: Int32Array): void {
  const kinds = new Map<
    string,
    { inputs: number; refused: number; ms: number; slowest: FuzzResult; at: number }
  >();
  for (let number = first; number < first + inputs; number++) {
    Atomics.store(current, 0, number);
    const result = fuzz(number);
    const kind = kinds.get(result.kind) ?? { inputs: 0, refused: 0, ms: 0, slowest: result, at: number };
    kinds.set(result.kind, kind);
    kind.inputs += 1;
    kind.ms += result.ms;
    if (result.refusals > 0) kind.refused += 1;
    if (result.stallMs > kind.slowest.stallMs) Object.assign(kind, { slowest: result, at: number });
  }
  for (const [name, { inputs, refused, ms, slowest, at }] of kinds) {
    const each = `${((ms * 1_000) / inputs).toFixed(1)} µs each, ${Math.round((inputs / ms) * 1_000)}/s`;
    parentPort?.postMessage(
      `fuzz.${name}: ${inputs} inputs, ${refused} with refusals, ${each}, longest turn ${slowest.stallMs.toFixed(2)} ms (input ${at}, limit ${mostMs} ms)`,
    );
  }
}
