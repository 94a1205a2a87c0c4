// node esbuild.mjs [--watch]   Bundles the extension, the CLI and the dashboard's page into dist/. A build also
// checks sizes and what undici needs of its parts, and writes the licences of the packages in the bundles.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { build, context } from 'esbuild';
import { thirdPartyNotices } from './licenses/notices.mjs';

/** VS Code reads this bundle before `activate()` runs. Heavier code is in chunks, imported when first needed. */
const activationLimitBytes = 60 * 1024;
/** Of the dashboard's script. */
const pageLimitBytes = 100 * 1024;

const watching = process.argv.includes('--watch');
const common = {
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node22',
  external: ['vscode'],
  // VS Code hands over the translations, so the variant that reads files is not needed
  alias: { '@vscode/l10n': '@vscode/l10n/dist/browser.js' },
  minify: !watching,
  sourcemap: true,
  metafile: true,
  logLevel: 'warning',
  charset: 'utf8',
  // dist/THIRD-PARTY-NOTICES.txt has them
  legalComments: 'none',
};

/** One CommonJS file: the extension host loads it in half the time of an ES module. Only `later.js` is lazy. */
const activation = {
  ...common,
  entryPoints: { extension: 'src/extension.ts' },
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  plugins: [
    { name: 'later', setup: leaveLaterOut },
    { name: 'vscode', setup: requireVscodeOnce },
  ],
};

/**
 * Two thirds of undici are not for its client, and `undici/index.js` only hands them on: the bundle has empty modules
 * in their place. biome.json allows imports of the rest only. Headroom never offers HTTP/2. Of the two builds of the
 * HTTP parser, the one without SIMD runs on every processor; it takes 0.2 µs longer for a response's head.
 */
const leftOutOfUndici = [
  'cache/',
  'dispatcher/balanced-pool.js',
  'dispatcher/client-h2.js',
  'dispatcher/h2c-client.js',
  'dispatcher/retry-agent.js',
  'dispatcher/round-robin-pool.js',
  'handler/',
  'interceptor/',
  'llhttp/llhttp_simd-wasm.js',
  'milo/',
  'mock/',
  'web/',
];

/** The rest needs them for FormData as a body and for HTTP/2. It tries one parser, then takes the other. */
const stillRequired = [
  'core/request.js: web/fetch/formdata.js',
  'core/request.js: web/webidl/index.js',
  'dispatcher/client-h1.js: llhttp/llhttp_simd-wasm.js',
  'dispatcher/client-h1.js: web/fetch/body.js',
  'dispatcher/client.js: dispatcher/client-h2.js',
];

/** Everything else, in chunks that the editor and the CLI share. */
const rest = {
  ...common,
  entryPoints: { later: 'src/ui/later.ts', 'cli-main': 'src/cli/main.ts' },
  splitting: true,
  chunkNames: '[name]-[hash]',
  format: 'esm',
  // leaves out milo, undici's experimental parser, as in Node's own build of undici
  define: { esbuildDetection: '1' },
  plugins: [{ name: 'undici', setup: leaveOutOfUndici }],
  // undici is CommonJS, and its calls of require() need one in an ES module
  banner: {
    js: "import{createRequire as $createRequire}from'node:module';const require=$createRequire(import.meta.url);",
  },
};

/** The dashboard's webview loads it: script and style sheet. */
const page = {
  ...common,
  entryPoints: [
    { in: 'src/page/main.tsx', out: 'dashboard' },
    { in: 'src/page/css/dashboard.css', out: 'dashboard' },
  ],
  platform: 'browser',
  target: 'chrome140',
  format: 'iife',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  sourcemap: watching,
};

function leaveLaterOut({ onResolve }) {
  onResolve({ filter: /\/later\.ts$/ }, () => ({ path: './later.js', external: true }));
}

/** One module imports `vscode` for all files: each `require('vscode')` takes the extension host half a millisecond. */
function requireVscodeOnce({ onResolve, onLoad }) {
  onResolve({ filter: /^vscode$/, namespace: 'file' }, () => ({ path: 'vscode', namespace: 'once' }));
  onLoad({ filter: /^vscode$/, namespace: 'once' }, () => ({ contents: "export * from 'vscode';" }));
}

function leaveOutOfUndici({ onLoad }) {
  const filter = new RegExp(`/undici/lib/(${leftOutOfUndici.join('|')})`.replaceAll('/', '[/\\\\]'));
  // `undici/index.js` makes one object of a class that is left out
  onLoad({ filter }, () => ({ contents: 'exports.CacheStorage = class {};' }));
}

/** Another version of undici may need its parts otherwise: read what changed, then mend both lists above. */
function checkUndici(inputs) {
  const lib = 'node_modules/undici/lib/';
  const isLeftOut = file => leftOutOfUndici.some(part => file.startsWith(lib + part));
  const required = Object.entries(inputs)
    .filter(([file]) => file.startsWith(lib) && !isLeftOut(file))
    .flatMap(([file, { imports }]) =>
      imports.filter(({ path }) => isLeftOut(path)).map(({ path }) => `${file}: ${path}`.replaceAll(lib, '')),
    );
  assert.deepEqual(required.sort(), stillRequired, 'undici needs parts of it that esbuild.mjs leaves out');
}

/** Prints a line before the first of the builds and one after the last: .vscode/tasks.json waits for them. */
function announce() {
  let running = 0;
  return ({ onStart, onEnd }) => {
    onStart(() => {
      if (running++ === 0) console.log('[watch] build started');
    });
    onEnd(() => {
      if (--running === 0) setImmediate(() => console.log('[watch] build finished'));
    });
  };
}

/** A class or a variable that is in both bundles would be two: no instanceof, no shared state. */
function checkShared(activationInputs, restInputs) {
  const twice = Object.keys(activationInputs).filter(file => file.startsWith('src/') && restInputs[file]);
  const bad = twice.filter(file =>
    /^(export )?(abstract )?(class|let) /m.test(fs.readFileSync(file, 'utf8')),
  );
  if (bad.length > 0) throw new Error(`in both bundles, with a class or state: ${bad.join(', ')}`);
}

function checkSize(name, { bytes }, limitBytes) {
  console.log(`${name}: ${(bytes / 1024).toFixed(1)} KB of ${limitBytes / 1024} KB`);
  if (bytes > limitBytes) process.exitCode = 1;
}

fs.rmSync('dist', { recursive: true, force: true });
fs.mkdirSync('dist');
// CommonJS in old syntax, so that a Node that is too old can still read it and say so
fs.copyFileSync('src/cli/launcher.cjs', 'dist/cli.cjs');
// the launchers behind the command `headroom`; cmd.exe needs CRLF
fs.mkdirSync('dist/bin');
fs.writeFileSync('dist/bin/headroom', fs.readFileSync('src/cli/bin/headroom'), { mode: 0o755 });
const forWindows = fs.readFileSync('src/cli/bin/headroom.cmd', 'utf8').replaceAll('\n', '\r\n');
fs.writeFileSync('dist/bin/headroom.cmd', forWindows);

if (watching) {
  const plugin = { name: 'announce', setup: announce() };
  const all = [activation, rest, page].map(({ plugins = [], ...options }) =>
    context({ ...options, plugins: [...plugins, plugin] }),
  );
  for (const builder of await Promise.all(all)) void builder.watch();
} else {
  const [{ metafile: before }, { metafile: after }, { metafile: inPage }] = await Promise.all(
    [activation, rest, page].map(options => build(options)),
  );
  checkShared(before.inputs, after.inputs);
  checkUndici(after.inputs);
  const inputs = [before, after, inPage].flatMap(metafile => Object.keys(metafile.inputs));
  fs.writeFileSync('dist/THIRD-PARTY-NOTICES.txt', thirdPartyNotices(inputs));
  checkSize('activation bundle', before.outputs['dist/extension.cjs'], activationLimitBytes);
  checkSize('script of the dashboard', inPage.outputs['dist/dashboard.js'], pageLimitBytes);
}
