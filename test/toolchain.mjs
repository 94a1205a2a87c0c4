// What every script needs first, with Node 20 and npm alone: the locked packages, and the editor's own Node 24.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '..');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Runs `npm ci` when node_modules is missing or older than the lock file. */
export function ensurePackages() {
  const installed = path.join(root, 'node_modules/.package-lock.json');
  const lock = path.join(root, 'package-lock.json');
  if (fs.existsSync(installed) && fs.statSync(installed).mtimeMs >= fs.statSync(lock).mtimeMs) return;
  step('installing packages (npm ci)');
  const npmRun = args =>
    spawnSync(npm, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    }).status;
  // `npm ci` alone would try for minutes; without the registry its cache may have everything
  const reached = npmRun([
    'view',
    'esbuild',
    'name',
    '--silent',
    '--fetch-retries=0',
    '--fetch-timeout=10000',
  ]);
  const source = reached === 0 ? [] : ['--offline'];
  if (source.length > 0) console.error('The npm registry can’t be reached; trying npm’s cache.');
  // errors only: some packages ask for a newer Node, which the tests run them with
  if (npmRun(['ci', '--no-audit', '--no-fund', '--loglevel=error', ...source]) !== 0) {
    console.error('npm ci failed. It needs the npm registry; nothing else was changed.');
    process.exit(1);
  }
}

/** Ctrl+C and a kill end this process through `exit`, where children and folders are cleaned up. */
export function endWithSignals(exitCode) {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(exitCode));
}

/** The editor's runtime and a VS Code server under .vscode-test/. Returns the path of Node 24. */
export async function ensureEditor() {
  const { install } = await import('./vscode/install.mjs');
  step('VS Code, its Node and a browser (.vscode-test/)');
  try {
    const dir = await install();
    return path.join(dir, 'node', process.platform === 'win32' ? 'node.exe' : 'node');
  } catch (error) {
    console.error(
      `VS Code could not be set up: ${error.message}\nIt is fetched from the npm registry, by npm.`,
    );
    process.exit(1);
  }
}

export function step(what) {
  console.log(`\n── ${what}`);
}

/** Runs a command with its output shown, and returns its exit code and what it printed. */
export function run(command, args, { env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', chunk => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.on('error', reject);
    child.on('close', code => resolve({ code, output }));
  });
}

/** The file behind a package's command, to be run with a Node of our choice. */
export function bin(packageName, command = packageName.split('/').at(-1)) {
  const folder = path.join(root, 'node_modules', packageName);
  const { bin: bins } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bins === 'string' ? bins : bins[command]);
}
