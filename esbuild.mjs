// node esbuild.mjs [--watch]   Bundles the extension and the CLI into dist/, and holds their size.
import fs from 'node:fs';
import { build, context } from 'esbuild';

/** What VS Code has to read before `activate()` runs; everything heavier is a chunk that is imported when first needed. */
const ACTIVATION_LIMIT_BYTES = 60 * 1024;

const options = {
  entryPoints: { extension: 'src/extension.ts', 'cli-main': 'src/cli/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: '[name]-[hash]',
  platform: 'node',
  format: 'esm',
  target: 'node22',
  external: ['vscode'],
  minify: true,
  sourcemap: true,
  metafile: true,
  logLevel: 'warning',
  // undici is CommonJS: its calls of require() need one in an ES module
  banner: {
    js: "import{createRequire as $createRequire}from'node:module';const require=$createRequire(import.meta.url);",
  },
};

/** The bytes of a bundle with everything that it imports statically. */
function staticBytes(outputs, file, seen = new Set()) {
  if (seen.has(file)) return 0;
  seen.add(file);
  const { bytes, imports } = outputs[file];
  const next = imports.filter(i => i.kind === 'import-statement' && outputs[i.path]);
  return next.reduce((sum, i) => sum + staticBytes(outputs, i.path, seen), bytes);
}

fs.rmSync('dist', { recursive: true, force: true });
fs.mkdirSync('dist');
// CommonJS, and in syntax that every Node can read: it has to be able to say that this Node is too old
fs.copyFileSync('src/cli/launcher.cjs', 'dist/cli.cjs');

if (process.argv.includes('--watch')) {
  await (await context({ ...options, minify: false })).watch();
} else {
  const { metafile } = await build(options);
  const bytes = staticBytes(metafile.outputs, 'dist/extension.js');
  console.log(`activation bundle: ${(bytes / 1024).toFixed(1)} KB of ${ACTIVATION_LIMIT_BYTES / 1024} KB`);
  if (bytes > ACTIVATION_LIMIT_BYTES) process.exit(1);
}
