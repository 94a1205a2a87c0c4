import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'esbuild';
import { launchBrowser, openWindow, startHost } from '../../vscode/host.mjs';

const root = path.resolve(import.meta.dirname, '../../..');
const roundLimitMs = 60_000;

/** A folder for a benchmark's extensions, removed when the process ends. */
export function scratchFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'headroom-bench-'));
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes an extension: its manifest, and `files` by path. Returns the folder. */
export function writeExtension(folder: string, manifest: object, files: Record<string, string> = {}): string {
  fs.mkdirSync(folder, { recursive: true });
  const common = { publisher: 'bench', version: '1.0.0', engines: { vscode: '^1.116.0' } };
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ ...common, ...manifest }));
  for (const [file, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, file), content);
  return folder;
}

/** Copies the built Headroom, without activation events. */
export function copyHeadroom(
  folder: string,
  change: object = {},
  files: Record<string, string> = {},
): string {
  for (const part of ['dist', 'l10n', 'media', 'package.nls.json']) {
    fs.cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  }
  const text = fs.readFileSync(path.join(root, 'package.json'), 'utf8');
  const { activationEvents: _, ...manifest } = JSON.parse(text) as Record<string, unknown>;
  return writeExtension(folder, { ...manifest, ...change }, files);
}

/** Bundles a driver of this folder as an extension that starts with the window. */
export async function bundleDriver(folder: string, driver: string, manifest: object = {}): Promise<string> {
  await build({
    entryPoints: [path.join(import.meta.dirname, driver)],
    outfile: path.join(folder, 'driver.cjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode'],
    logLevel: 'warning',
  });
  const activationEvents = ['onStartupFinished'];
  return writeExtension(folder, { name: 'driver', main: './driver.cjs', activationEvents, ...manifest });
}

/**
 * Opens `rounds` windows, each with a new extension host, and collects the line of JSON that the driver in it appends
 * to the file in HEADROOM_BENCH_REPORT.
 */
export async function collectRounds<Row>(extensions: readonly string[], rounds: number): Promise<Row[]> {
  const report = path.join(scratchFolder(), 'report.jsonl');
  fs.writeFileSync(report, '');
  const rows = () => fs.readFileSync(report, 'utf8').split('\n').filter(Boolean);
  const [host, browser] = await Promise.all([
    startHost({ extensions, env: { HEADROOM_BENCH_REPORT: report } }),
    launchBrowser(),
  ]);
  try {
    for (let round = 0; round < rounds; round++) {
      const page = await openWindow(browser, host.url());
      const end = Date.now() + roundLimitMs;
      while (rows().length <= round) {
        if (Date.now() > end)
          throw new Error(`round ${round} did not end in time\n${host.log().slice(-2000)}`);
        await pause(50);
      }
      await page.close({ runBeforeUnload: false });
    }
    return rows().map(row => JSON.parse(row) as Row);
  } finally {
    await browser.close();
    await host.stop();
  }
}

/** The value that a `share` (0 to 1) of all values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
