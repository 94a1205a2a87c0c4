#!/usr/bin/env node
// Puts a real VS Code 1.139 server (from the npm package code-server), Node 24 and, on Linux x64, a headless Chromium
// (from the npm package @sparticuz/chromium) into .vscode-test/, without compiling, install scripts or apt.
// Usage: node install.mjs [dest]      Prints the folder. Idempotent: a stamp with the hash of the inputs is written last.
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';

const here = path.dirname(fileURLToPath(import.meta.url));
const codeServer = {
  spec: 'code-server@4.139.1',
  integrity:
    'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
};

const ripgrep = {
  spec: '@vscode/ripgrep-universal@1.18.0',
  integrity:
    'sha512-kgrAVy1L/v/8erAjo+I720ifTf7o4rvYUwgsuEu97XAEBtPT9sk3HhcSgFpxMydvNmwdJtXo9/AVee7JjocTrg==',
}; // all platforms in one tarball: only ours is unpacked

const chromium = {
  spec: '@sparticuz/chromium@153.0.0',
  integrity:
    'sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==',
};
const wantChromium = process.platform === 'linux' && process.arch === 'x64';

const sh = (cmd, args, opts = {}) =>
  new Promise((ok, no) => {
    const env = {
      ...process.env,
      npm_config_update_notifier: 'false',
      npm_config_loglevel: 'error',
      npm_config_engine_strict: 'false',
    };
    for (const k of Object.keys(env))
      if (
        /^npm_(config_(?!cache|registry|update|loglevel|engine|proxy|https|noproxy|cafile)|package_|lifecycle_|command|node_execpath|execpath)/i.test(
          k,
        )
      )
        delete env[k];
    const p = spawn(cmd, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
      shell: process.platform === 'win32',
      ...opts,
    });
    let out = '';
    let err = '';
    p.stdout.on('data', d => (out += d));
    p.stderr.on('data', d => (err += d));
    p.on('error', no);
    p.on('exit', c =>
      c === 0 ? ok(out) : no(new Error(`${cmd} ${args.join(' ')} exited ${c}\n${out}${err}`)),
    );
  });

// --- pure JS stand-ins for native or telemetry modules the server imports -------------------------------------------
const stubs = {
  '@vscode/spdlog': `
const fs = require('fs'), path = require('path');
const N = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off']; let all = 0;
const p2 = (n, w = 2) => String(n).padStart(w, '0');
const now = () => { const d = new Date(); return d.getFullYear() + '-' + p2(d.getMonth() + 1) + '-' + p2(d.getDate()) + ' ' + p2(d.getHours()) + ':' + p2(d.getMinutes()) + ':' + p2(d.getSeconds()) + '.' + p2(d.getMilliseconds(), 3); };
class Logger {
  constructor(type, name, file) { this.file = file; this.level = all; this.plain = false; fs.mkdirSync(path.dirname(file), { recursive: true }); fs.appendFileSync(file, ''); }
  _w(l, m) { if (l < this.level) return; try { fs.appendFileSync(this.file, this.plain ? m : now() + ' [' + N[l] + '] ' + m + '\\n'); } catch {} }
  trace(m) { this._w(0, m); } debug(m) { this._w(1, m); } info(m) { this._w(2, m); } warn(m) { this._w(3, m); } error(m) { this._w(4, m); } critical(m) { this._w(5, m); }
  getLevel() { return this.level; } setLevel(l) { this.level = l; } setPattern() {} clearFormatters() { this.plain = true; } flush() {} drop() {}
}
exports.version = 11100; exports.setLevel = l => { all = l; }; exports.setFlushOn = () => {}; exports.Logger = Logger;
exports.createRotatingLogger = exports.createAsyncRotatingLogger = async (n, f) => new Logger('rotating', n, f);
`,
  '@vscode/native-watchdog': `exports.start = pid => { setInterval(() => { try { process.kill(pid, 0); } catch (e) { if (e.code === 'ESRCH') process.exit(87); } }, 1000).unref(); };\n`,
  '@vscode/deviceid': `exports.getDeviceId = async () => 'test-device';\n`,
  '@microsoft/1ds-core-js': `exports.AppInsightsCore = class {};\n`,
  '@microsoft/1ds-post-js': `exports.PostChannel = class {};\n`,
};

const running = new Map();
/** Installs once per process; a second process that installs at the same time does its own copy and one of them wins the rename. */
export const install = (dest = path.resolve(here, '../../.vscode-test')) =>
  running.get(dest) ?? running.set(dest, doInstall(dest)).get(dest);
async function doInstall(dest) {
  const key = crypto
    .createHash('sha256')
    .update(
      ['install.mjs', 'package-lock.json'].map(f => fs.readFileSync(path.join(here, f))).join('\0') +
        process.platform +
        process.arch,
    )
    .digest('hex')
    .slice(0, 12);
  const dir = path.join(dest, `vscode-host-${key}`);
  if (fs.existsSync(path.join(dir, '.ok'))) return dir;
  fs.mkdirSync(dest, { recursive: true });
  const tmp = fs.mkdtempSync(`${dir}.tmp-`);
  const vs = path.join(tmp, 'vscode');
  fs.mkdirSync(vs);
  try {
    const pack = async ({ spec, integrity }) => {
      const cwd = fs.mkdtempSync(path.join(tmp, 'pack-'));
      const [{ filename }] = JSON.parse(
        await sh('npm', ['pack', spec, '--json', '--ignore-scripts'], { cwd }),
      );
      const tgz = path.join(cwd, filename);
      const sum = `sha512-${crypto.createHash('sha512').update(fs.readFileSync(tgz)).digest('base64')}`;
      if (sum !== integrity) throw new Error(`${spec}: integrity ${sum}, expected ${integrity}`);
      return { tgz, drop: () => fs.rmSync(cwd, { recursive: true }) };
    };
    // 1. the server: one tarball, of which only lib/vscode is unpacked
    const one = (async () => {
      const { tgz, drop } = await pack(codeServer);
      const ex = [
        'copilot',
        'mermaid-markdown-features',
        'microsoft-authentication',
        'ms-vscode.*',
        'node_modules',
      ].map(e => `--exclude=package/lib/vscode/extensions/${e}`);
      await sh('tar', [
        'xzf',
        tgz,
        '-C',
        vs,
        '--strip-components=3',
        ...ex,
        '--exclude=*.map',
        'package/lib/vscode',
      ]);
      drop();
      // only built-in extensions without code (themes, grammars, snippets): they cost nothing at start; and the Markdown
      // preview, in which refusals open
      for (const e of fs.readdirSync(path.join(vs, 'extensions'), { withFileTypes: true })) {
        const pj = path.join(vs, 'extensions', e.name, 'package.json');
        if (e.isDirectory() && fs.existsSync(pj)) {
          const p = JSON.parse(fs.readFileSync(pj, 'utf8'));
          if ((p.main || p.browser) && e.name !== 'markdown-language-features')
            fs.rmSync(path.dirname(pj), { recursive: true });
        }
      }
    })();
    // 2. run-time modules and Node 24, from the lock file
    const deps = path.join(tmp, 'deps');
    fs.mkdirSync(deps);
    const two = (async () => {
      for (const f of ['package.json', 'package-lock.json'])
        fs.copyFileSync(path.join(here, f), path.join(deps, f));
      await sh('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=dev'], { cwd: deps });
      for (const p of fs
        .readdirSync(path.join(deps, 'node_modules'))
        .filter(n => /^node-(bin-)?(linux|darwin|win)-/.test(n))) {
        const from = path.join(deps, 'node_modules', p, 'bin');
        fs.renameSync(from, path.join(tmp, 'node'));
        fs.rmSync(path.join(deps, 'node_modules', p), { recursive: true });
      }
    })();
    // 3. ripgrep, for workspace.findFiles and workspaceContains
    const rg = path.join(tmp, 'rg');
    fs.mkdirSync(rg);
    const three = (async () => {
      const { tgz, drop } = await pack(ripgrep);
      await sh('tar', [
        'xzf',
        tgz,
        '-C',
        rg,
        '--strip-components=1',
        'package/package.json',
        'package/lib',
        `package/bin/${process.platform}-${process.arch}`,
      ]);
      drop();
    })();
    // 4. a headless Chromium: the brotli-packed binary, the NSS libraries and a font for machines that have none
    const four = (async () => {
      if (!wantChromium) return;
      const { tgz, drop } = await pack(chromium);
      const br = path.join(tmp, 'br');
      fs.mkdirSync(br);
      await sh('tar', ['xzf', tgz, '-C', br, '--strip-components=2', 'package/bin']);
      drop();
      const out = path.join(tmp, 'chromium');
      fs.mkdirSync(out);
      const un = (f, to, mode) =>
        pipeline(
          fs.createReadStream(path.join(br, f)),
          zlib.createBrotliDecompress(),
          fs.createWriteStream(to, { mode }),
        );
      await Promise.all([
        un('chromium.br', path.join(out, 'chrome'), 0o755),
        ...['al2023', 'fonts'].map(async n => {
          const t = path.join(br, `${n}.tar`);
          await un(`${n}.tar.br`, t, 0o644);
          await sh('tar', ['xf', t, '-C', out]);
        }),
      ]);
      fs.rmSync(br, { recursive: true });
      fs.writeFileSync(
        path.join(out, 'fonts.conf'),
        `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>\n`,
      );
    })();
    const done = await Promise.allSettled([one, two, three, four]);
    const bad = done.find(d => d.status === 'rejected');
    if (bad) throw bad.reason;
    fs.rmSync(path.join(vs, 'npm-shrinkwrap.json'), { force: true });
    fs.copyFileSync(path.join(deps, 'package.json'), path.join(vs, 'package.json'));
    fs.renameSync(path.join(deps, 'node_modules'), path.join(vs, 'node_modules'));
    fs.rmSync(deps, { recursive: true });
    const nm = path.join(vs, 'node_modules');
    fs.mkdirSync(path.join(nm, '@vscode'), { recursive: true });
    fs.renameSync(rg, path.join(nm, '@vscode/ripgrep-universal'));
    for (const [n, code] of Object.entries(stubs)) {
      const d = path.join(nm, n);
      fs.rmSync(d, { recursive: true, force: true });
      fs.mkdirSync(d, { recursive: true });
      fs.writeFileSync(
        path.join(d, 'package.json'),
        JSON.stringify({ name: n, version: '0.0.0-stub', main: 'index.js' }),
      );
      fs.writeFileSync(path.join(d, 'index.js'), code);
    }
    for (const d of fs.readdirSync(path.join(nm, 'node-pty/prebuilds')))
      if (d !== `${process.platform}-${process.arch}`)
        fs.rmSync(path.join(nm, 'node-pty/prebuilds', d), { recursive: true });
    fs.writeFileSync(path.join(tmp, '.ok'), `${new Date().toISOString()}\n`);
    try {
      fs.renameSync(tmp, dir);
    } catch (e) {
      if (!fs.existsSync(path.join(dir, '.ok'))) throw e;
    } // another run won the race
  } finally {
    fs.rmSync(tmp, { recursive: true, force: true });
  }
  return dir;
}
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const t = Date.now();
  const d = await install(process.argv[2] && path.resolve(process.argv[2]));
  console.log(d);
  console.error(`${((Date.now() - t) / 1000).toFixed(1)} s`);
}
