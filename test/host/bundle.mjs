// dist-test/extension/: the extension as it is built, with the host tests in it as one CommonJS file, which the
// extension host loads with require() and gives the extension's own `vscode`. Nothing activates it but a test.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const folder = 'dist-test/extension';
fs.rmSync('dist-test', { recursive: true, force: true });
fs.mkdirSync(folder, { recursive: true });
for (const part of ['dist', 'media', 'l10n', 'package.nls.json']) {
  fs.cpSync(part, path.join(folder, part), { recursive: true });
}
const { activationEvents: _, ...manifest } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
// what the tests debug and run: VS Code knows the types of programs and notebooks from manifests only
Object.assign(manifest.contributes, {
  debuggers: [{ type: 'headroom-test', label: 'Headroom test' }],
  notebooks: [
    { type: 'headroom-test', displayName: 'Headroom test', selector: [{ filenamePattern: '*.headroom' }] },
  ],
});
fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));

await build({
  entryPoints: { host: 'test/host/index.ts' },
  outdir: folder,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  external: ['vscode', 'mocha'],
  define: { 'import.meta.dirname': '__dirname' },
  sourcemap: true,
  logLevel: 'warning',
});
