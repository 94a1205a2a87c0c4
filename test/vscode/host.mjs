// A real VS Code for tests: its server, and its workbench in headless Chromium. install.mjs installs it.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { install } from './install.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

export const hostSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.colorTheme': 'Default Dark Modern',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'remote.autoForwardPorts': false, // it tells of the ports of all processes on the machine
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'terminal.integrated.gpuAcceleration': 'off',
  'terminal.integrated.enablePersistentSessions': false,
  'terminal.integrated.shellIntegration.enabled': false,
  'terminal.integrated.defaultProfile.linux': 'bash',
  'terminal.integrated.profiles.linux': { bash: { path: '/bin/bash', args: ['--norc', '--noprofile'] } },
};

/**
 * Starts the server on a free loopback port, with a fresh profile.
 * @param extensions folders linked into the extensions directory, as if installed (ExtensionMode.Production)
 * @param driver reads extensionDevelopmentPath, extensionTestsPath and inspect-extensions from the page's URL. It turns
 *   toasts off, so it is not for UI tests
 * @param execArgv of Node for the server, and so for its extension hosts
 */
export async function startHost({
  extensions = [],
  driver = false,
  settings = {},
  env = {},
  execArgv = [],
  workspace,
  args = {},
} = {}) {
  const dir = await install();
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'vsc-'));
  const d = {
    root,
    data: path.join(root, 'data'),
    ext: path.join(root, 'ext'),
    ws: path.join(root, 'ws'),
    home: path.join(root, 'home'),
  };
  for (const x of [d.data, d.ext, d.home, path.join(d.data, 'User')]) fs.mkdirSync(x, { recursive: true });
  if (workspace) fs.cpSync(workspace, d.ws, { recursive: true });
  else fs.mkdirSync(d.ws);
  for (const e of extensions) {
    const p = JSON.parse(fs.readFileSync(path.join(e, 'package.json'), 'utf8'));
    fs.symlinkSync(path.resolve(e), path.join(d.ext, `${p.publisher}.${p.name}-${p.version}`), 'junction');
  }
  fs.writeFileSync(
    path.join(d.data, 'User/settings.json'),
    JSON.stringify({ ...hostSettings, ...settings }, null, 1),
  ); // code-server keeps User settings on the server's disk
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([k]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|npm_|XDG_)/.test(k)),
  );
  const node = path.join(dir, 'node', process.platform === 'win32' ? 'node.exe' : 'node');
  const a = {
    'user-data-dir': d.data,
    'server-data-dir': d.data,
    'extensions-dir': d.ext,
    'disable-telemetry': true,
    'telemetry-level': 'off',
    'disable-workspace-trust': true,
    'disable-experiments': true,
    'enable-smoke-test-driver': driver,
    ...args,
  };
  const p = spawn(
    node,
    [...execArgv, path.join(here, 'serve.mjs'), path.join(dir, 'vscode'), JSON.stringify(a)],
    {
      env: {
        ...clean,
        HOME: d.home,
        EXTENSIONS_GALLERY: '{"serviceUrl":""}',
        HEADROOM_TEST_DATA: d.data,
        ...env,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    },
  ); // a process group of its own; it ends when its stdin does
  const end = () => {
    try {
      process.kill(-p.pid, 'SIGKILL');
    } catch {} // ends remaining extension hosts and terminals
  };
  const drop = () => fs.rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  const atExit = () => {
    end();
    drop();
  };
  process.on('exit', atExit);
  let out = '';
  const [port, key] = await new Promise((ok, no) => {
    const on = b => {
      out += b;
      const m = /^host listening on (\d+) (\S+)/m.exec(out);
      if (m) ok([+m[1], m[2]]);
    };
    p.stdout.on('data', on);
    p.stderr.on('data', on);
    p.on('error', no);
    p.on('exit', (c, s) => no(new Error(`VS Code server exited ${c ?? s}\n${out.slice(-4000)}`)));
  });
  const authority = `127.0.0.1:${port}`;
  const stop = async ({ keep = false } = {}) => {
    process.off('exit', atExit);
    if (p.exitCode === null && !p.signalCode) {
      const gone = new Promise(ok => p.once('exit', ok));
      p.stdin.end();
      const t = setTimeout(() => p.kill('SIGKILL'), 5000);
      await gone;
      clearTimeout(t);
    }
    end();
    if (!keep) drop();
  };
  const url = ({ development, tests, inspect, workspaceFile } = {}) => {
    const remote = x => `vscode-remote://${authority}${path.resolve(x)}`;
    const payload = [
      ['skipWelcome', 'true'],
      ['skipReleaseNotes', 'true'],
      ...(development ? [['extensionDevelopmentPath', remote(development)]] : []),
      ...(tests ? [['extensionTestsPath', remote(tests)]] : []),
      ...(inspect ? [['inspect-extensions', inspect]] : []),
    ];
    const opened = workspaceFile ? { workspace: workspaceFile } : { folder: d.ws };
    return `http://${authority}/?${new URLSearchParams({ key, ...opened, payload: JSON.stringify(payload) })}`;
  };
  /** The global storage of an extension, such as `headroom.headroom`. */
  const storage = id => path.join(d.data, 'User/globalStorage', id);
  return { port, authority, dirs: d, url, storage, stop, log: () => out, pid: p.pid };
}

/** VSCODE_TEST_BROWSER, or else the Chromium of install.mjs, or else one on the machine. */
export async function findBrowser() {
  if (process.env.VSCODE_TEST_BROWSER) return { executablePath: process.env.VSCODE_TEST_BROWSER };
  const c = path.join(await install(), 'chromium');
  if (fs.existsSync(path.join(c, 'chrome'))) {
    const env = { ...process.env };
    const exe = path.join(c, 'chrome');
    const ldd = e => {
      try {
        return execFileSync('ldd', [exe], { encoding: 'utf8', env: e });
      } catch (x) {
        return `not found ${x}`;
      }
    };
    if (/not found|too short/.test(ldd(env)))
      env.LD_LIBRARY_PATH = [path.join(c, 'lib'), env.LD_LIBRARY_PATH].filter(Boolean).join(':');
    if (!fs.existsSync('/etc/fonts/fonts.conf')) env.FONTCONFIG_FILE = path.join(c, 'fonts.conf');
    if (!/not found|too short/.test(ldd(env))) return { executablePath: exe, env };
  }
  for (const e of [
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ])
    if (fs.existsSync(e)) return { executablePath: e };
  throw new Error(
    'No Chromium: set VSCODE_TEST_BROWSER, or install one (Debian: apt-get install chromium-headless-shell)',
  );
}

export async function launchBrowser() {
  return chromium.launch({
    ...(await findBrowser()),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
    ],
  });
}

export async function openWindow(browser, url, { context, viewport = { width: 1280, height: 800 } } = {}) {
  const ctx = context ?? (await browser.newContext({ viewport }));
  const page = await ctx.newPage();
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
  return page;
}

/** Runs extensionTestsPath inside the extension host and returns its exit code. */
export async function runInHost({
  development,
  tests,
  extensions = [],
  env = {},
  workspace,
  timeout = 400_000,
  onLog = process.env.VSCODE_TEST_LOG ? (t, a) => console.log('[vscode]', t, ...a) : undefined,
}) {
  const [host, browser] = await Promise.all([
    startHost({ driver: true, extensions, env, workspace }),
    launchBrowser(),
  ]);
  try {
    const page = await browser.newPage();
    let exit;
    const done = new Promise(ok => (exit = ok));
    if (onLog) await page.exposeFunction('codeAutomationLog', onLog);
    await page.exposeFunction('codeAutomationExit', code => exit(code));
    page.once('crash', () => exit('page crashed'));
    await page.goto(host.url({ development, tests }), { waitUntil: 'commit' });
    const code = await Promise.race([done, new Promise(ok => setTimeout(ok, timeout, 'timed out').unref())]);
    if (typeof code !== 'number') {
      fs.mkdirSync('shots', { recursive: true });
      await page.screenshot({ path: 'shots/run-in-host.png' }).catch(() => {});
      console.error(`host run ${code}\n${host.log().slice(-3000)}`);
      return 1;
    }
    return code;
  } finally {
    await browser.close();
    await host.stop();
  }
}
