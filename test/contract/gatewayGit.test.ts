import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tokens } from '../emulator/scenarios.ts';
import { type GatewayTestSetup, gatewaySetup } from './gatewaySetup.ts';
import { GitCommand } from './gitCommand.ts';

const repo = 'ada/bert-finetuned';

describe('gateway with git (skipped where git is not installed):', () => {
  let setup: GatewayTestSetup;
  let git: GitCommand;
  beforeEach(async function () {
    const installed = await GitCommand.create();
    if (!installed) this.skip();
    git = installed;
    setup = await gatewaySetup();
  });
  afterEach(async () => {
    await setup?.close();
    await git?.remove();
  });

  const hub = () => setup.gateway.hub;
  const as = (password: string, path = repo) => `${hub().replace('//', `//user:${password}@`)}/${path}`;
  const basic = (token: string) => `Basic ${btoa(`user:${token}`)}`;
  const sent = () =>
    setup
      .received()
      .filter(({ path }) => /info\/refs|git-/.test(path))
      .map(({ headers }) => headers.authorization);

  it('a public repository is cloned without a token, at both addresses', async () => {
    assert.equal((await git.run('clone', `${hub()}/${repo}`, 'one')).code, 0);
    assert.equal((await git.run('clone', `${setup.url}/hub/${repo}.git`, 'two')).code, 0);
    for (const folder of ['one', 'two']) {
      const text = await readFile(join(git.folder, folder, 'config.json'), 'utf8');
      assert.equal(text, '{"model_type":"llama","hidden_size":4096}\n');
    }
    assert.deepEqual(new Set(sent()), new Set([undefined]));
  });

  it('a fetch whose request git compresses', async () => {
    const commits = Array.from({ length: 40 }, (_, at) => at);
    assert.equal((await git.run('clone', `${hub()}/${repo}`, 'work')).code, 0);
    for (const at of commits) {
      await git.run('-C', 'work', 'commit', '-q', '--allow-empty', '-m', `local ${at}`);
    }
    const { status } = await fetch(`${hub()}/api/models/${repo}/commit/main`, {
      method: 'POST',
      headers: { authorization: `Bearer ${setup.key}`, 'content-type': 'application/x-ndjson' },
      body: '{"key":"header","value":{"summary":"x"}}\n{"key":"file","value":{"path":"a.txt","content":"hi"}}',
    });
    assert.equal(status, 200);
    assert.equal((await git.run('-C', 'work', 'fetch', 'origin')).code, 0);
    assert.ok(setup.received().some(({ headers }) => headers['content-encoding'] === 'gzip'));
    const { stdout } = await git.run('-C', 'work', 'show', 'origin/main:a.txt');
    assert.equal(stdout, 'hi');
  });

  it('a private repository needs a password: a token of its own, or the key', async () => {
    const clone = (address: string, folder: string) => git.run('clone', address, folder);
    assert.match((await clone(`${hub()}/ada/secret-model`, 'a')).stderr, /could not read Username/);
    const refused = (await clone(as('secret', 'ada/secret-model'), 'b')).stderr;
    assert.match(
      refused,
      /remote: This is not the key of this gateway\..* git takes it as the password\.\n.*Authentication failed/,
    );
    assert.deepEqual(new Set(sent()), new Set([undefined]));
    assert.equal((await clone(as(tokens.ada, 'ada/secret-model'), 'c')).code, 0);
    assert.equal((await clone(as(setup.key, 'ada/secret-model'), 'd')).code, 0);
    assert.deepEqual(new Set(sent()), new Set([undefined, basic(tokens.ada)]));
    assert.match((await clone(as(tokens.bob, 'ada/secret-model'), 'e')).stderr, /Repository not found/);
  });

  it('a push with the key arrives, and without a password it is refused', async () => {
    assert.equal((await git.run('clone', `${hub()}/${repo}`, 'work')).code, 0);
    await writeFile(join(git.folder, 'work', 'notes.txt'), 'pushed\n');
    await git.run('-C', 'work', 'add', '.');
    await git.run('-C', 'work', 'commit', '-q', '-m', 'Add notes');
    const push = (address: string) => git.run('-C', 'work', 'push', address, 'HEAD:main');
    assert.match((await push(`${hub()}/${repo}`)).stderr, /could not read Username/);
    assert.match(
      (await push(as(`hf_headroom_${'x'.repeat(32)}`))).stderr,
      /remote: This key belongs to another/,
    );
    assert.equal((await push(as(setup.key))).code, 0);
    const file = await fetch(`${setup.emulator.hubUrl}/${repo}/resolve/main/notes.txt`);
    assert.equal(await file.text(), 'pushed\n');
  });
});
