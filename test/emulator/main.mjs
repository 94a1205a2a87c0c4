// Bundles the emulator in memory: Node 20 can't read TypeScript.
import path from 'node:path';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: [path.join(import.meta.dirname, 'main.ts')],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'error',
});
await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
