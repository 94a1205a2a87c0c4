import { stripVTControlCharacters } from 'node:util';
import { RefusalReader } from '../../src/watch/refusalReader.ts';
import { serverNames } from '../../src/watch/serverNames.ts';

/**
 * The terminal watcher on output without refusals: the share of a core at 10 MB/s, in chunks of 4 KB as
 * terminals send them. Beside it the least work of any watcher: the same chunks through a TransformStream,
 * and without their ANSI sequences. Run: node test/bench/terminalWatch.ts (Node 24).
 */
const limitPercent = 4;
const rounds = 40;
/** Other work on the same core may last a while, and doubles the figure. */
const mostRounds = 200;
const chunkLength = 4_096;
const bytesPerSecond = 10_000_000;

/** A string of its own, no slice of a longer text. */
function copied(text: string): string {
  return Buffer.from(text).toString('utf8');
}

function outputs(): Record<string, string[]> {
  let state = 1;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return state % below;
  };
  const words =
    'epoch loss step model batch token layer limited rates tested passed compile error warning'.split(' ');
  const word = () => words[random(words.length)] ?? '';
  const text = (line: () => string) => {
    let lines = '';
    while (lines.length < 4_000_000) lines += line();
    return Array.from({ length: Math.floor(lines.length / chunkLength) }, (_, index) =>
      copied(lines.slice(index * chunkLength, (index + 1) * chunkLength)),
    );
  };
  return {
    log: text(
      () => `2026-10-14 09:30:${random(60)} INFO ${word()} ${word()} ${word()}=${random(1e6)} ${word()}\r\n`,
    ),
    colours: text(
      () => `\x1b[3${random(8)}m${word()}\x1b[0m ${word()} \x1b[1m${random(1e5)}\x1b[0m ${word()}\r\n`,
    ),
    progress: text(
      () => `${word()}: ${random(100)}%|####2     | ${random(1e4)}/10000 [00:01<00:02, 3.10it/s]\r`,
    ),
    bars: text(() => `${word()}: ${random(100)}%|███▌      | ${random(1e4)}/10000 [00:01<00:02, 3.10it/s]\r`),
    numbers: text(
      () => `${random(1e9)} ${random(1e9)} ${random(1e3)} ${random(1e3)} ${random(1e9)} ${random(1e9)}\n`,
    ),
  };
}

/**
 * Percent of a core at 10 MB/s, from the CPU time of all chunks: the least of several rounds, since the
 * machine has other work, too.
 */
async function share(chunks: readonly string[], feed: (chunk: string) => unknown): Promise<number> {
  const bytes = chunks.length * chunkLength;
  let least = Number.POSITIVE_INFINITY;
  const percent = () => (least / 1e6 / (bytes / bytesPerSecond)) * 100;
  // the first rounds warm up the compiler
  for (let round = 0; round < rounds || (percent() > limitPercent && round < mostRounds); round++) {
    const before = process.cpuUsage();
    for (const chunk of chunks) {
      const turn = feed(chunk);
      if (turn) await turn;
    }
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, user + system);
  }
  return percent();
}

let worst = 0;
for (const [name, chunks] of Object.entries(outputs())) {
  let seen = 0;
  const reader = new RefusalReader(
    { source: 'terminal' },
    { now: Date.now, later: () => ({ dispose() {} }), nameServer: serverNames({}) },
    () => seen++,
  );
  const { readable, writable } = new TransformStream<string, string>();
  const [from, to] = [readable.getReader(), writable.getWriter()];
  let _length = 0;
  const watched = await share(chunks, chunk => reader.write(chunk));
  const stripped = await share(chunks, chunk => {
    _length += stripVTControlCharacters(chunk).length;
  });
  const copied = await share(chunks, async chunk => {
    const read = from.read();
    await to.write(chunk);
    const { value } = await read;
    _length += value?.length ?? 0;
  });
  worst = Math.max(worst, watched);
  console.log(
    `terminal.${name} watcher=${watched.toFixed(2)}% stripAnsi=${stripped.toFixed(2)}% transformStream=${copied.toFixed(2)}% of a core at 10 MB/s, seen=${seen}`,
  );
}
console.log(`terminal.worst watcher=${worst.toFixed(2)}% (limit ${limitPercent}%)`);
if (!(worst <= limitPercent)) process.exitCode = 1;
