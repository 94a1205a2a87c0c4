// node test/package.mjs   (Node 22 or later)  Packs dist/ as headroom-<version>.vsix, checks the package's files and
// size, and lets VS Code's own installer install it in a fresh profile, where its status bar item must show.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { launchBrowser, openWindow, startHost } from './vscode/host.mjs';
import { install } from './vscode/install.mjs';

const sizeLimitBytes = 500 * 1024;
const secret =
  /hf_\w{20,}|\bsk-[\w-]{20,}|\bgh[opsu]_\w{20,}|\bAKIA[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

const root = path.resolve(import.meta.dirname, '..');
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const { publisher, name, version } = manifest;
const vsix = path.join(root, `${name}-${version}.vsix`);

await createVSIX({
  cwd: root,
  packagePath: vsix,
  dependencies: false,
  // without a public repository, vsce has no https address to put in place of relative links
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
const { size } = fs.statSync(vsix);
console.log(`${path.basename(vsix)}: ${(size / 1024).toFixed(0)} KB of ${sizeLimitBytes / 1024} KB`);
assert.ok(size <= sizeLimitBytes, 'the package is too big');

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'headroom-vsix-'));
try {
  const extensions = path.join(scratch, 'extensions');
  await installVsix(extensions);
  const [folder] = fs.readdirSync(extensions).filter(entry => entry.startsWith(`${publisher}.${name}-`));
  assert.ok(folder, 'VS Code did not install the package');
  checkContents(path.join(extensions, folder));
  checkNotices(path.join(extensions, folder));
  checkCommand(path.join(extensions, folder, 'dist/bin'));
  await checkStatusBar(extensions);
} finally {
  fs.rmSync(scratch, { recursive: true, force: true });
}

async function installVsix(extensions) {
  const editor = await install();
  execFileSync(
    process.execPath,
    [
      path.join(editor, 'vscode/out/server-main.js'),
      ...['--install-extension', vsix],
      ...['--extensions-dir', extensions],
      ...['--server-data-dir', path.join(scratch, 'data')],
      ...['--user-data-dir', path.join(scratch, 'data')],
      '--accept-server-license-terms',
    ],
    {
      env: { PATH: process.env.PATH, HOME: scratch, EXTENSIONS_GALLERY: '{"serviceUrl":""}' },
      stdio: 'inherit',
    },
  );
}

/** The package has exactly the files that it needs at run time: no source, no source map, no secret. */
function checkContents(folder) {
  const files = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
  const built = fs.readdirSync(path.join(root, 'dist')).filter(file => /\.(?:c?js|css)$/.test(file));
  const texts = fs
    .readdirSync(path.join(root, 'l10n'))
    // VS Code reads the one in English for translators only
    .filter(file => file !== 'bundle.l10n.json')
    .map(file => `l10n/${file}`);
  const manifestTexts = fs.readdirSync(root).filter(file => /^package\.nls(\..+)?\.json$/.test(file));
  const expected = [
    ...built.map(file => `dist/${file}`),
    ...['dist/bin/headroom', 'dist/bin/headroom.cmd', 'dist/THIRD-PARTY-NOTICES.txt'],
    ...texts,
    ...manifestTexts,
    ...['media/headroom.svg', 'media/icon.png', 'package.json'],
    ...['changelog.md', 'LICENSE.txt', 'readme.md'],
  ];
  const addedByInstaller = '.vsixmanifest';
  assert.deepEqual(files.filter(file => file !== addedByInstaller).sort(), expected.sort());
  for (const file of files) {
    const content = fs.readFileSync(path.join(folder, file), 'utf8');
    assert.doesNotMatch(content, secret, `${file} has something that looks like a secret`);
    assert.ok(!content.includes('sourceMappingURL=data:'), `${file} has a source map in it`);
  }
}

/** Each bundled package is a dependency, or one of a dependency's own; the licence of each is in the notices. */
function checkNotices(folder) {
  const notices = fs.readFileSync(path.join(folder, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
  const bundled = [...notices.matchAll(/^(\S+) \d+\.\d+\.\d+$/gm)].map(([, dependency]) => dependency);
  const lock = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const isProduction = dependency => lock.packages[`node_modules/${dependency}`]?.dev !== true;
  assert.deepEqual(
    Object.keys(manifest.dependencies).filter(dependency => !bundled.includes(dependency)),
    [],
  );
  assert.deepEqual(
    bundled.filter(dependency => !isProduction(dependency)),
    [],
  );
}

/** The installed files keep their modes, so that the launcher runs. */
function checkCommand(folder) {
  if (process.platform === 'win32') return;
  const env = { PATH: `${folder}:/usr/bin:/bin`, HOME: scratch, HEADROOM_NODE: process.execPath };
  const printed = execFileSync('/bin/sh', ['-c', 'headroom --version'], { env, encoding: 'utf8' });
  assert.equal(printed.trim(), version);
}

/** A fresh profile is signed out, so Headroom sends no request. */
async function checkStatusBar(extensions) {
  const host = await startHost({ args: { 'extensions-dir': extensions } });
  const browser = await launchBrowser();
  try {
    const page = await openWindow(browser, host.url());
    const item = page.locator(`[id="${publisher}.${name}.limits"]`, { hasText: 'Hugging Face: sign in' });
    await item.waitFor({ timeout: 30_000 });
    console.log('installed in a fresh VS Code, its status bar item is there');
  } finally {
    await browser.close();
    await host.stop();
  }
}
