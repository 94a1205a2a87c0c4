import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { StatusJson } from '../../src/cli/json/statusJson.ts';
import { startPlainHub } from './plainHub.ts';
import { runCli, temporaryFolder } from './runCli.ts';

describe('dist/cli.cjs:', function () {
  this.timeout(60_000);
  const { folder, clean } = temporaryFolder();
  before(() => {
    const { status, stderr } = spawnSync(process.execPath, ['esbuild.mjs'], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });
  after(clean);

  it('status --json: the same values as from source', async () => {
    const hub = await startPlainHub();
    const { code, stdout, stderr } = await runCli(['status', '--json', '--state', folder], {
      environment: hub.environment,
      home: folder,
      file: 'dist/cli.cjs',
    });
    await hub.close();
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^headroom: Servers other than Hugging Face's: .*\n$/);
    const { account, credits, endpoints, errors } = JSON.parse(stdout) as StatusJson;
    assert.equal(account.name, 'ada');
    assert.equal(credits.usedNanoUsd, 1_234_567_890);
    assert.equal(endpoints?.[0]?.usdPerHour, 0.8);
    assert.deepEqual(errors, []);
  });

  it('prints its version and its usage', async () => {
    const run = (option: string) => runCli([option], { environment: {}, home: folder, file: 'dist/cli.cjs' });
    assert.match((await run('--version')).stdout, /^\d+\.\d+\.\d+\n$/);
    assert.match((await run('--help')).stdout, /^Usage: headroom status/);
  });

  for (const version of ['20.19.4', '22.18.0']) {
    it(`on Node ${version}: names the Node that it needs, exit code 2`, () => {
      const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' }); require('./dist/cli.cjs')`;
      const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', pretend], { encoding: 'utf8' });
      assert.equal(status, 2);
      assert.equal(stdout, '');
      assert.match(
        stderr,
        new RegExp(`^headroom needs Node 22\\.19 or later; this is ${version.replaceAll('.', '\\.')}\\.`),
      );
    });
  }
});
