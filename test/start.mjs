// npm start: a real VS Code with Headroom in it. F5 (.vscode/launch.json) passes --no-build and --inspect.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fail, readArguments } from './arguments.mjs';
import { endWithSignals, ensureEditor, ensurePackages, root, run, step } from './toolchain.mjs';

const { values: options } = readArguments({
  usage: `npm start [-- OPTION …]

Opens VS Code with Headroom against an emulator of Hugging Face, or against your account when HF_TOKEN is set.
Where there is no desktop, the workbench is served and its address printed. Ctrl+C ends all of it.

  --scenario NAME   another account of the emulator: free, team, unsettled … (default pro)
  --serve           serve the workbench on a desktop, too
  --port PORT       of the served workbench (default: any free one)
  --no-build        dist/ is up to date
  --inspect PORT    wait for a debugger of extensions`,
  options: {
    scenario: { type: 'string', default: 'pro' },
    serve: { type: 'boolean' },
    port: { type: 'string', port: true, default: '0' },
    inspect: { type: 'string', port: true },
    'no-build': { type: 'boolean' },
  },
});
endWithSignals(0);
await checkPort(Number(options.port));
ensurePackages();
const world = process.env.HF_TOKEN
  ? { token: process.env.HF_TOKEN, settings: {} }
  : await startEmulator(options.scenario);
const node = await ensureEditor();
if (!options['no-build']) {
  step('build');
  const built = await run(process.execPath, ['esbuild.mjs']);
  if (built.code !== 0) process.exit(built.code);
}

const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
if (hasDisplay && !options.serve && !process.env.SSH_CONNECTION) await openDesktop(world);
else await serve(world);

/** Starts the emulator as a child process. Returns its token, and the settings with its addresses. */
async function startEmulator(scenario) {
  step(`emulator of Hugging Face, scenario ${scenario}`);
  const child = spawn(process.execPath, ['test/emulator/main.mjs', '--json', '--scenario', scenario], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.on('exit', () => child.kill());
  child.on('exit', exitCode => process.exit(exitCode ?? 1));
  const [line] = await once(child.stdout, 'data');
  const { hubUrl, routerUrl, endpointsUrl, adminUrl, token, providerUrls } = JSON.parse(
    String(line).split('\n')[0],
  );
  console.log(`Hub ${hubUrl}\nadmin ${adminUrl} (see test/emulator/README.md)`);
  return {
    token,
    settings: {
      'headroom.hubUrl': hubUrl,
      'headroom.routerUrl': routerUrl,
      'headroom.endpointsUrl': endpointsUrl,
      'headroom.providerUrls': providerUrls,
    },
  };
}

/** Opens a window of desktop VS Code with its own user data, kept under .vscode-test/. */
async function openDesktop({ token, settings }) {
  const profile = path.join(root, '.vscode-test/profile');
  const user = path.join(profile, 'User');
  fs.mkdirSync(user, { recursive: true });
  fs.writeFileSync(path.join(user, 'settings.json'), JSON.stringify(settings));
  if (token) await acceptEnvironmentToken(path.join(user, 'globalStorage/headroom.headroom'));
  const inspector = options.inspect ? [`--inspect-extensions=${options.inspect}`] : [];
  step('VS Code opens');
  const { code } = await run(node, ['test/vscode/desktop.mjs', '--open', profile, ...inspector], {
    env: token ? { HF_TOKEN: token } : {},
  });
  process.exit(code);
}

async function serve({ token, settings }) {
  step('VS Code');
  const { startHost } = await import('./vscode/host.mjs');
  const host = await startHost({
    extensions: [root],
    // a served VS Code reads the inspector's port with the test driver on only, which turns toasts off
    driver: options.inspect !== undefined,
    settings,
    env: token ? { HF_TOKEN: token } : {},
    args: { port: Number(options.port) },
  });
  if (token) await acceptEnvironmentToken(host.storage('headroom.headroom'));
  console.log(`\nOpen ${host.url({ inspect: options.inspect })}\nCtrl+C ends it.`);
}

/** A taken port is said at once, not after the build. */
async function checkPort(port) {
  const server = net.createServer().listen(port, '127.0.0.1');
  await once(server, 'listening').catch(() =>
    fail(`Port ${port} is taken by another program, or not allowed. Choose another one.`),
  );
  server.close();
}

/** Accepts `HF_TOKEN` as the account, so that Headroom does not ask. */
async function acceptEnvironmentToken(directory) {
  const script = `
    import { openLedger } from './src/ledger/openLedger.ts';
    import { Sessions } from './src/account/sessions.ts';
    const ledger = openLedger({ directory: process.argv[1], now: Date.now });
    new Sessions({ ledger }).accept({ kind: 'environment', variable: 'HF_TOKEN' });
    ledger.close();`;
  const { code: failed } = await run(node, ['--input-type=module-typescript', '--eval', script, directory]);
  if (failed) console.error('HF_TOKEN was not accepted: sign in with a click on the status bar item.');
}
