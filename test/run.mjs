// npm test. Prints how long each phase took. The last line is `N passed, N failed`.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fail, readArguments } from './arguments.mjs';
import { bin, endWithSignals, ensureEditor, ensurePackages, root, run, step } from './toolchain.mjs';

const everything = ['check', 'unit', 'contract', 'host', 'e2e', 'package'];
const onlyByName = ['bench', 'desktop'];
const { positionals: named } = readArguments({
  usage: `npm test [-- PHASE …]

Runs the phases in turn, without names ${everything.join(', ')}.
Only by name: ${onlyByName.join(', ')}.
HEADROOM_TEST_GREP=TEXT picks tests of the phase host by title.`,
  options: {},
  allowPositionals: true,
});
const unknown = named.find(name => ![...everything, ...onlyByName].includes(name));
if (unknown !== undefined)
  fail(`There is no phase ${unknown}. There are ${[...everything, ...onlyByName].join(', ')}.`);
endWithSignals(130);
ensurePackages();
const node = await ensureEditor();
const total = { passed: 0, failed: 0, skipped: 0 };

/** A command that passes or fails as a whole. */
async function verdict(name, command, args) {
  const { code } = await run(command, args);
  if (code === 0) total.passed++;
  else {
    total.failed++;
    console.error(`✖ ${name} failed (exit code ${code})`);
  }
}

async function build() {
  await verdict('build', process.execPath, ['esbuild.mjs']);
}

/** Mocha on the editor's Node, which reads TypeScript as it is. */
async function mocha(files, options = [], env = {}) {
  const { code, output } = await run(
    node,
    [
      bin('mocha'),
      '--forbid-only',
      '--no-color',
      '--require',
      './test/sameCases.mjs',
      ...options,
      `test/${files}.test.ts`,
    ],
    { env: { NODE_NO_WARNINGS: '1', ...env } },
  );
  const count = what => Number(new RegExp(`^ {2}(\\d+) ${what}`, 'm').exec(output)?.[1] ?? 0);
  const failed = count('failing');
  total.passed += count('passing');
  total.skipped += count('pending');
  total.failed += failed || (code === 0 && count('passing') > 0 ? 0 : 1);
}

/** The host suites report from inside the extension host through a file, one JSON object a line. */
async function insideHost(runHost) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'headroom-host-'));
  const report = path.join(folder, 'report.jsonl');
  fs.writeFileSync(report, '');
  const code = await runHost({
    HEADROOM_TEST_REPORT: report,
    HEADROOM_TEST_GREP: process.env.HEADROOM_TEST_GREP ?? '',
  });
  const rows = fs
    .readFileSync(report, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line));
  fs.rmSync(folder, { recursive: true });
  for (const row of rows) {
    if (row.kind === 'pass') total.passed++;
    if (row.kind === 'pending') total.skipped++;
    if (row.kind === 'fail') total.failed++;
    if (row.kind !== 'end') console.log(`  ${{ pass: '✔', fail: '✖', pending: '-' }[row.kind]} ${row.title}`);
    if (row.error) console.log(row.error);
  }
  const finished = rows.some(row => row.kind === 'end');
  if (!finished || (code !== 0 && !rows.some(row => row.kind === 'fail'))) {
    total.failed++;
    console.error(`the extension host ended with ${code}${finished ? '' : ' and without a report'}`);
  }
}

const phases = {
  async check() {
    await verdict('types', process.execPath, [bin('typescript', 'tsc')]);
    await verdict('types of the page', process.execPath, [bin('typescript', 'tsc'), '-p', 'src/page']);
    await verdict('lint and format', process.execPath, [bin('@biomejs/biome'), 'ci', '--error-on-warnings']);
    await verdict('unused code', process.execPath, [bin('knip')]);
    await verdict('rooms and circles', node, [
      bin('dependency-cruiser', 'depcruise'),
      '--config',
      '.dependency-cruiser.cjs',
      'src',
    ]);
  },
  // some properties try thousands of values, on machines that may be busy
  unit: () => mocha('unit/**/*', ['--timeout', '20000']),
  contract: () => mocha('contract/**/*', ['--timeout', '20000']),
  async host() {
    await build();
    await verdict('bundle of the host tests', process.execPath, ['test/host/bundle.mjs']);
    const { runInHost } = await import('./vscode/host.mjs');
    const extension = path.join(root, 'dist-test/extension');
    await insideHost(env =>
      runInHost({
        development: extension,
        tests: path.join(extension, 'host.cjs'),
        workspace: path.join(root, 'test/host/workspace'),
        env,
      }),
    );
  },
  async e2e() {
    await build();
    await mocha('e2e/**/*', ['--timeout', '60000']);
  },
  async package() {
    await build();
    // the bundle has fewer parts of undici than the source
    const bundled = 'contract/@(cliGateway|gatewayDescriptors|gatewayProxy|gatewayTls)';
    await mocha(bundled, ['--timeout', '20000'], { HEADROOM_TEST_CLI: 'dist/cli.cjs' });
    await verdict('package', node, ['test/package.mjs']);
  },
  async bench() {
    await build();
    for (const file of fs.readdirSync(path.join(root, 'test/bench')).filter(name => name.endsWith('.ts'))) {
      await verdict(`bench ${file}`, node, [`test/bench/${file}`]);
    }
  },
  async desktop() {
    await build();
    await verdict('bundle of the host tests', process.execPath, ['test/host/bundle.mjs']);
    await insideHost(async env => (await run(node, ['test/vscode/desktop.mjs'], { env })).code);
  },
};

const times = [];
for (const name of named.length > 0 ? named : everything) {
  step(name);
  const start = performance.now();
  await phases[name]();
  const seconds = Math.round((performance.now() - start) / 1000);
  times.push({ name, seconds });
  console.log(`${name} took ${seconds} s`);
}
const sum = times.reduce((seconds, phase) => seconds + phase.seconds, 0);
console.log(`\n${times.map(({ name, seconds }) => `${name} ${seconds} s`).join(', ')}: ${sum} s in all`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 ? 1 : 0;
