// The host tests as one CommonJS file: the extension host loads extensionTestsPath with require().
import { build } from 'esbuild';

await build({
  entryPoints: { host: 'test/host/index.ts' },
  outdir: 'dist-test',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  external: ['vscode', 'mocha'],
  sourcemap: true,
  logLevel: 'warning',
});
