// Desktop VS Code: that of VSCODE_PATH, or a downloaded one. Runs on Node 22 or later.
//   node test/vscode/desktop.mjs                        runs the host tests
//   node test/vscode/desktop.mjs --open DIR [OPTION…]   opens a window with the user data in DIR
import { spawn } from 'node:child_process';
import path from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';

const root = path.resolve(import.meta.dirname, '../..');
const [how, profile, ...options] = process.argv.slice(2);
let vscodeExecutablePath = process.env.VSCODE_PATH;
try {
  vscodeExecutablePath ??= await downloadAndUnzipVSCode({ cachePath: path.join(root, '.vscode-test') });
} catch (error) {
  console.error(
    `Desktop VS Code could not be downloaded: ${error.message}\nSet VSCODE_PATH to the one you have, or use \`npm start -- --serve\` and \`npm test\`, which bring a VS Code server from npm.`,
  );
  process.exit(1);
}
if (how === '--open') {
  const window = spawn(
    vscodeExecutablePath,
    [
      `--extensionDevelopmentPath=${root}`,
      `--user-data-dir=${profile}`,
      '--wait',
      '--new-window',
      ...options,
    ],
    { stdio: 'inherit' },
  );
  window.on('exit', code => process.exit(code ?? 0));
} else {
  const extension = path.join(root, 'dist-test/extension');
  process.exitCode = await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: extension,
    extensionTestsEnv: { HEADROOM_TEST_DATA: path.join(root, '.vscode-test/user-data') },
    extensionTestsPath: path.join(extension, 'host.cjs'),
    launchArgs: [path.join(root, 'test/host/workspace'), '--disable-extensions'],
  });
}
