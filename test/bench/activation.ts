import path from 'node:path';
import type { ActivationRow } from './host/activationDriver.ts';
import {
  bundleDriver,
  collectRounds,
  copyHeadroom,
  quantile,
  scratchFolder,
  writeExtension,
} from './host/rounds.ts';

/**
 * Activation time in real extension hosts, a new one each round: Headroom against an empty extension. Also counts the
 * file and network calls of Headroom's `activate()` before it returns.
 * Run: node esbuild.mjs && node test/bench/activation.ts (Node 24).
 */
const rounds = 15;
const ratioLimit = 3;

const folder = scratchFolder();
/** An extension that imports nothing, not even `vscode`. */
const emptyExtension = (name: string) =>
  writeExtension(
    path.join(folder, name),
    { name, main: './extension.js' },
    { 'extension.js': 'exports.activate = () => {};\n' },
  );
const identity = (name: string) => ({ publisher: 'bench', name, version: '1.0.0' });
const rows = await collectRounds<ActivationRow>(
  [
    await bundleDriver(path.join(folder, 'driver'), 'activationDriver.ts'),
    emptyExtension('first'),
    emptyExtension('empty'),
    copyHeadroom(path.join(folder, 'headroom'), identity('headroom')),
    // wrapped in a module that lets the driver observe its activate()
    copyHeadroom(
      path.join(folder, 'observed'),
      { ...identity('observed'), main: './observed.cjs' },
      {
        'observed.cjs': `const { activate } = require('./dist/extension.cjs');
exports.activate = context => globalThis.observeActivation(() => activate(context));\n`,
      },
    ),
  ],
  rounds,
);

const measured = rows.flatMap(row => row.measured ?? []);
const observed = rows.flatMap(row => row.observed ?? []);
const median = (values: readonly number[]) => quantile(values, 0.5);
const empty = median(measured.map(row => row.empty));
const headroom = median(measured.map(row => row.headroom));
const ratio = headroom / empty;
const calls = observed.flatMap(row => row.calls);

const pairs = measured.map(row => `${row.empty.toFixed(1)}/${row.headroom.toFixed(1)}`);
console.log(`activation.rounds ${pairs.join(' ')} (empty/headroom, ms)`);
console.log(`activation.empty median=${empty.toFixed(2)} ms of ${measured.length}`);
console.log(`activation.headroom median=${headroom.toFixed(2)} ms of ${measured.length}`);
console.log(`activation.ratio ${ratio.toFixed(2)} (limit ${ratioLimit})`);
console.log(
  `activation.activateCall median=${median(observed.map(row => row.ms)).toFixed(2)} ms of ${observed.length}`,
);
console.log(`activation.fileAndNetworkCalls ${calls.length} (limit 0) ${[...new Set(calls)].join(' ')}`);
if (!(ratio <= ratioLimit) || calls.length > 0 || observed.length === 0) process.exitCode = 1;
