// Bundles the emulator first: Node 20 can't read TypeScript.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'headroom-emulator-'));
const bundle = path.join(folder, 'emulator.mjs');
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
await build({
  entryPoints: [path.join(import.meta.dirname, 'main.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'error',
});
await import(pathToFileURL(bundle).href);
