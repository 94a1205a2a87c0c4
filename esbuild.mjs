// node esbuild.mjs [--watch]   Bundles the extension and the CLI into dist/, and holds their size.
import fs from 'node:fs';
import { build, context } from 'esbuild';

/** What VS Code has to read before `activate()` runs; everything heavier is a chunk that is imported when first needed. */
const activationLimitBytes = 60 * 1024;

const common = {
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node22',
  external: ['vscode'],
  // the translations come from VS Code: no need of the variant that reads files
  alias: { '@vscode/l10n': '@vscode/l10n/dist/browser.js' },
  minify: true,
  sourcemap: true,
  metafile: true,
  logLevel: 'warning',
};

/**
 * What VS Code loads before `activate()`: one file, and CommonJS, which the extension host loads in half the time of
 * an ES module. Its only lazy import is `later.js`.
 */
const activation = {
  ...common,
  entryPoints: { extension: 'src/extension.ts' },
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  banner: { js: '"use strict";const vscodeApi=require("vscode");' },
  write: false,
  plugins: [{ name: 'activation', setup: leaveLaterOut }],
};

/** Everything else, in chunks that the editor and the CLI share. */
const rest = {
  ...common,
  entryPoints: { later: 'src/ui/later.ts', 'cli-main': 'src/cli/main.ts' },
  splitting: true,
  chunkNames: '[name]-[hash]',
  format: 'esm',
  // undici is CommonJS: its calls of require() need one in an ES module
  banner: {
    js: "import{createRequire as $createRequire}from'node:module';const require=$createRequire(import.meta.url);",
  },
};

function leaveLaterOut({ onResolve, onEnd }) {
  onResolve({ filter: /\/later\.ts$/ }, () => ({ path: './later.js', external: true }));
  onEnd(({ outputFiles }) => {
    for (const { path, text } of outputFiles) {
      // each require("vscode") takes the extension host half a millisecond, and __toESM copies VS Code's whole API
      fs.writeFileSync(path, text.replace(/[\w$]+\(require\("vscode"\)(,1)?\)/g, 'vscodeApi'));
    }
  });
}

/** A class or a variable that is in both bundles would be two: no instanceof, no shared state. */
function checkShared(activationInputs, restInputs) {
  const twice = Object.keys(activationInputs).filter(file => file.startsWith('src/') && restInputs[file]);
  const bad = twice.filter(file =>
    /^(export )?(abstract )?(class|let) /m.test(fs.readFileSync(file, 'utf8')),
  );
  if (bad.length > 0) throw new Error(`in both bundles, with a class or state: ${bad.join(', ')}`);
}

fs.rmSync('dist', { recursive: true, force: true });
fs.mkdirSync('dist');
// CommonJS, and in syntax that every Node can read: it has to be able to say that this Node is too old
fs.copyFileSync('src/cli/launcher.cjs', 'dist/cli.cjs');
// what makes `headroom` a command where it is on the path; cmd.exe wants its own line ends
fs.mkdirSync('dist/bin');
fs.writeFileSync('dist/bin/headroom', fs.readFileSync('src/cli/bin/headroom'), { mode: 0o755 });
const forWindows = fs.readFileSync('src/cli/bin/headroom.cmd', 'utf8').replaceAll('\n', '\r\n');
fs.writeFileSync('dist/bin/headroom.cmd', forWindows);

if (process.argv.includes('--watch')) {
  for (const options of [activation, rest]) await (await context({ ...options, minify: false })).watch();
} else {
  const [{ metafile: before }, { metafile: after }] = await Promise.all([build(activation), build(rest)]);
  checkShared(before.inputs, after.inputs);
  const { bytes } = before.outputs['dist/extension.cjs'];
  console.log(`activation bundle: ${(bytes / 1024).toFixed(1)} KB of ${activationLimitBytes / 1024} KB`);
  if (bytes > activationLimitBytes) process.exit(1);
}
