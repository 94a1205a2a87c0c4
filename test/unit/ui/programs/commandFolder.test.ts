import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { commandFolder, pathWith } from '../../../../src/ui/programs/commandFolder.ts';

const launcher = path.resolve(import.meta.dirname, '../../../../src/cli/bin/headroom');

describe('the command of Headroom’s terminals', () => {
  const lines: string[] = [];
  let root: string;
  let packaged: string;
  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    root = fs.mkdtempSync(path.join(os.tmpdir(), "headroom it's "));
    packaged = path.join(root, 'with spaces', 'dist', 'bin');
    fs.mkdirSync(packaged, { recursive: true });
    fs.writeFileSync(
      path.join(packaged, '../cli.cjs'),
      'console.log(JSON.stringify([process.execPath, process.env.ELECTRON_RUN_AS_NODE, ...process.argv.slice(2)])); process.exitCode = 3;',
    );
    lines.length = 0;
  });
  afterEach(() => fs.rmSync(root, { recursive: true }));

  function install(mode: number): void {
    fs.writeFileSync(path.join(packaged, 'headroom'), fs.readFileSync(launcher), { mode });
  }
  const storage = () => path.join(root, 'storage');
  const folder = (from = packaged) =>
    commandFolder({ packaged: from, storage: storage(), log: line => lines.push(line) });

  /** Types a line into a shell that finds the command in `found`. */
  function type(line: string, found: string | undefined, environment: Record<string, string> = {}) {
    assert.ok(found);
    const env = { PATH: pathWith(found, '/usr/bin:/bin'), ...environment };
    return spawnSync('/bin/sh', ['-c', line], { env, encoding: 'utf8' });
  }

  it('is the package’s, and runs on the editor’s Node with what was typed', () => {
    install(0o755);
    assert.equal(folder(), packaged);
    const line = `headroom bill 'org:a b' '' '"*'; echo "$? [$ELECTRON_RUN_AS_NODE]"`;
    const { stdout, stderr } = type(line, packaged, { HEADROOM_NODE: process.execPath });
    const [said = '', after] = stdout.trim().split('\n');
    assert.deepEqual(JSON.parse(said), [process.execPath, '1', 'bill', 'org:a b', '', '"*'], stderr);
    assert.equal(after, '3 []');
    assert.ok(!fs.existsSync(storage()));
  });

  it('is one that leads to it where the package has lost the modes of its files', () => {
    install(0o644);
    const found = folder();
    assert.equal(found, path.join(storage(), 'bin'));
    assert.equal(folder(), found);
    assert.deepEqual(fs.readdirSync(found), ['headroom']);
    assert.equal(fs.statSync(path.join(found, 'headroom')).mode & 0o777, 0o700);
    const { stdout, stderr } = type("headroom bill 'a b'", found, { HEADROOM_NODE: process.execPath });
    assert.deepEqual(JSON.parse(stdout || '[]').slice(2), ['bill', 'a b'], stderr);
  });

  it('takes the Node of the path where the editor’s is gone', () => {
    install(0o755);
    const gone = path.join(root, 'gone');
    const PATH = `${packaged}:${path.dirname(process.execPath)}:/usr/bin:/bin`;
    const { stdout, stderr } = type('headroom', packaged, { HEADROOM_NODE: gone, PATH });
    assert.deepEqual(JSON.parse(stdout || '[]').slice(0, 2), [process.execPath, null], stderr);
  });

  it('is none, and said to be none, where nothing can be written or no path can name it', () => {
    install(0o644);
    fs.writeFileSync(storage(), 'a file');
    assert.equal(folder(), undefined);
    const odd = path.join(root, 'a:b');
    fs.cpSync(packaged, odd, { recursive: true });
    fs.chmodSync(path.join(odd, 'headroom'), 0o755);
    assert.equal(folder(odd), undefined);
    assert.deepEqual(
      lines.map(line => line.startsWith('there is no command headroom in terminals: ')),
      [true, true],
    );
  });
});
