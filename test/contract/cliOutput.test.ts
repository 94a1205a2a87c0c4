import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { cliFile, runCli, temporaryFolder } from './runCli.ts';

const words = [
  ['help'],
  ['--help'],
  ['-v'],
  ['refusals'],
  ['refusals', '--json'],
  ['bill'],
  ['gateway'],
] as const;

describe('headroom, its output:', () => {
  const { folder, clean } = temporaryFolder();
  after(clean);
  const run = (...args: string[]) =>
    runCli([...args], { environment: { HEADROOM_STATE: folder }, home: folder });
  const environment = { HOME: folder, HEADROOM_STATE: folder, PATH: process.env.PATH ?? '' };

  it('help and -v are what --help and --version are', async () => {
    assert.deepEqual(await run('help'), await run('--help'));
    assert.deepEqual(await run('-v'), await run('--version'));
  });

  it('a mistake is answered with the forms of the commands, not with all of the help', async () => {
    const { code, stderr } = await run('status', '--yaml');
    assert.equal(code, 2);
    assert.match(stderr, /^headroom: Unknown option '--yaml'\.\n\nUsage: headroom status/);
    assert.match(stderr, /\n\nheadroom help says more\.\n$/);
    assert.ok(stderr.split('\n').length <= 14, stderr);
  });

  for (const args of words) {
    it(`a full disk is one line and exit code 1: ${args.join(' ')}`, function () {
      if (!fs.existsSync('/dev/full')) this.skip();
      const full = fs.openSync('/dev/full', 'w');
      const { status, stderr } = spawnSync(process.execPath, [cliFile, ...args], {
        env: environment,
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
        timeout: 15_000,
      });
      fs.closeSync(full);
      assert.equal(status, 1, stderr);
      assert.match(stderr, /^headroom: the output could not be written: ENOSPC: .*\.$/m);
      assert.doesNotMatch(stderr, /\n {4}at |Error:/);
    });
  }

  for (const args of [['help'], ['refusals', '--json'], ['bill']]) {
    it(`a reader that leaves early is no error: ${args.join(' ')}`, async () => {
      const child = spawn(process.execPath, [cliFile, ...args], { env: environment });
      child.stdout.destroy();
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', text => {
        stderr += text;
      });
      const [code] = await once(child, 'close');
      assert.deepEqual([code, stderr], [0, '']);
    });
  }

  it('gateway without a token says so, and what then works', async () => {
    const child = spawn(process.execPath, [cliFile, 'gateway', '--json'], { env: environment });
    const [text] = await once(child.stderr.setEncoding('utf8'), 'data');
    assert.match(text, /^headroom: no token of Hugging Face was found: only what is public can be read/);
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'close'), [0, null]);
  });
});
