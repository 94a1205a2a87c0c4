// npm start: a real VS Code with Headroom in it, against the emulator, or the real account when HF_TOKEN is set.
// On a desktop a window opens; elsewhere, and with --serve, the workbench is served and its address printed.
//   npm start -- --scenario free     another of the emulator's accounts
//   npm start -- --serve --port 8080
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureEditor, ensurePackages, root, run, step } from './toolchain.mjs';

const { values: options } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'pro' },
    serve: { type: 'boolean' },
    port: { type: 'string', default: '0' },
  },
});
ensurePackages();
const node = await ensureEditor();
step('build');
const built = await run(process.execPath, ['esbuild.mjs']);
if (built.code !== 0) process.exit(built.code);

const world = process.env.HF_TOKEN
  ? { token: process.env.HF_TOKEN, settings: {} }
  : await startEmulator(options.scenario);
const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
if (hasDisplay && !options.serve && !process.env.SSH_CONNECTION) await openDesktop(world);
else await serve(world);

/** The emulator in a process of its own, with the settings that lead Headroom to it. */
async function startEmulator(scenario) {
  step(`emulator of Hugging Face, scenario ${scenario}`);
  const child = spawn(process.execPath, ['test/emulator/main.mjs', '--json', '--scenario', scenario], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.on('exit', () => child.kill());
  child.on('exit', exitCode => process.exit(exitCode ?? 1));
  const [line] = await new Promise(resolve =>
    child.stdout.once('data', chunk => resolve(String(chunk).split('\n'))),
  );
  const { hubUrl, routerUrl, endpointsUrl, adminUrl, token, providerUrls } = JSON.parse(line);
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

/** A window of desktop VS Code with a profile of its own, kept under .vscode-test/. */
async function openDesktop({ token, settings }) {
  const profile = path.join(root, '.vscode-test/profile');
  const user = path.join(profile, 'User');
  fs.mkdirSync(user, { recursive: true });
  fs.writeFileSync(path.join(user, 'settings.json'), JSON.stringify(settings));
  if (token) await acceptEnvironmentToken(path.join(user, 'globalStorage/headroom.headroom'));
  const { code } = await run(node, ['test/vscode/desktop.mjs', '--open', profile], {
    env: token ? { HF_TOKEN: token } : {},
  });
  process.exit(code);
}

async function serve({ token, settings }) {
  step('VS Code');
  const { startHost } = await import('./vscode/host.mjs');
  const host = await startHost({
    extensions: [root],
    settings,
    env: token ? { HF_TOKEN: token } : {},
    args: { port: Number(options.port) },
  });
  if (token) await acceptEnvironmentToken(host.storage('headroom.headroom'));
  console.log(`\nOpen ${host.url()}\nCtrl-C ends it.`);
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => host.stop().then(() => process.exit(0)));
}

/** Whoever starts this with a token has said yes to it: the question is not asked again. */
async function acceptEnvironmentToken(directory) {
  const script = `
    import { openLedger } from './src/ledger/openLedger.ts';
    import { Sessions } from './src/account/sessions.ts';
    const ledger = openLedger({ directory: process.argv[1], now: Date.now });
    new Sessions({ ledger }).accept({ kind: 'environment', variable: 'HF_TOKEN' });
    ledger.close();`;
  const { code: failed } = await run(node, ['--input-type=module-typescript', '--eval', script, directory]);
  if (failed) console.error('The token was not taken over: sign in by hand, with the status bar item.');
}
