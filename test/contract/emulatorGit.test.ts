import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tokens } from '../emulator/scenarios.ts';
import type { Emulator } from '../emulator/server.ts';
import { admin, frozenEmulator, hub } from './emulatorCalls.ts';
import { GitCommand } from './gitCommand.ts';

const repo = 'ada/bert-finetuned';

describe('emulator, git over HTTP (skipped where git is not installed):', () => {
  let emulator: Emulator;
  let git: GitCommand;
  beforeEach(async function () {
    const installed = await GitCommand.create();
    if (!installed) this.skip();
    git = installed;
    emulator = await frozenEmulator();
  });
  afterEach(async () => {
    await emulator?.close();
    await git?.remove();
  });

  /** The address with Basic credentials. */
  const as = (token: string, path = repo) => `${emulator.hubUrl.replace('//', `//user:${token}@`)}/${path}`;
  const contents = (...path: string[]) => readFile(join(git.folder, ...path), 'utf8');

  async function edit(file: string, text: string, title: string) {
    await writeFile(join(git.folder, 'work', file), text);
    await git.run('-C', 'work', 'add', '.');
    await git.run('-C', 'work', 'commit', '-q', '-m', title);
  }

  it('a public repository is cloned without a token, with and without .git', async () => {
    assert.equal((await git.run('clone', `${emulator.hubUrl}/${repo}`, 'work')).code, 0);
    assert.equal(await contents('work', 'config.json'), '{"model_type":"llama","hidden_size":4096}\n');
    assert.match(await contents('work', 'model.safetensors'), /^version https:\/\/git-lfs.*\noid sha256:/);
    const head = (await git.run('-C', 'work', 'rev-parse', 'HEAD')).stdout.trim();
    assert.equal(head, (await hub(emulator, `/api/models/${repo}`)).json.sha);
    assert.equal((await git.run('-C', 'work', 'fsck', '--strict')).code, 0);
    assert.equal(
      (await git.run('clone', '--depth', '1', `${emulator.hubUrl}/datasets/ada/reviews.git`, 'data')).code,
      0,
    );
    assert.equal(await contents('data', 'data', 'train.csv'), 'text,label\ngood,1\nbad,0\n');
    const byGit = emulator.requests().filter(({ path }) => /info\/refs|git-upload-pack/.test(path));
    assert.equal(byGit.length, 6);
    assert.ok(byGit.every(({ headers }) => headers.authorization === undefined));
  });

  it('a private repository needs a token as the password', async () => {
    const clone = (address: string) => git.run('clone', address, 'work');
    assert.match((await clone(`${emulator.hubUrl}/ada/secret-model`)).stderr, /could not read Username/);
    assert.match(
      (await clone(as('hf_wrong', 'ada/secret-model'))).stderr,
      /remote: Invalid credentials in Authorization header/,
    );
    assert.match(
      (await clone(as('secret', 'ada/secret-model'))).stderr,
      /remote: Password authentication in git is no longer supported/,
    );
    assert.match((await clone(as(tokens.bob, 'ada/secret-model'))).stderr, /remote: Repository not found/);
    assert.equal((await clone(as(tokens.ada, 'ada/secret-model'))).code, 0);
  });

  it('a push changes what the API serves, and a commit by the API is pulled', async () => {
    await git.run('clone', as(tokens.ada), 'work');
    await edit('notes.txt', 'pushed\n', 'Add notes');
    await writeFile(join(git.folder, 'work', 'bytes.dat'), Buffer.from([0xff, 0, 0xfe]));
    await edit('empty.txt', '', 'Add bytes');
    assert.equal((await git.run('-C', 'work', 'push', 'origin', 'HEAD:main', 'HEAD:dev')).code, 0);
    const head = (await git.run('-C', 'work', 'rev-parse', 'HEAD')).stdout.trim();
    for (const revision of ['main', 'dev', head]) {
      const response = await fetch(`${emulator.hubUrl}/${repo}/resolve/${revision}/bytes.dat`);
      assert.deepEqual([...new Uint8Array(await response.arrayBuffer())], [0xff, 0, 0xfe], revision);
    }
    const sent = await fetch(`${emulator.hubUrl}/api/models/${repo}/commit/main`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.ada}`, 'content-type': 'application/x-ndjson' },
      body: '{"key":"header","value":{"summary":"By the API"}}\n{"key":"file","value":{"path":"api.txt","content":"hi"}}',
    });
    assert.equal(sent.status, 200);
    await git.run('-C', 'work', 'pull', '-q', 'origin', 'main');
    assert.deepEqual((await git.run('-C', 'work', 'log', '--format=%s')).stdout.trim().split('\n'), [
      'By the API',
      'Add bytes',
      'Add notes',
      'initial commit',
    ]);
    assert.equal(await contents('work', 'api.txt'), 'hi');
  });

  it('a push without a token, or with one that may not write, is refused', async () => {
    await git.run('clone', `${emulator.hubUrl}/${repo}`, 'work');
    await edit('notes.txt', 'x', 'Add notes');
    const push = async (address: string) =>
      (await git.run('-C', 'work', 'push', address, 'HEAD:main')).stderr;
    assert.match(await push(`${emulator.hubUrl}/${repo}`), /could not read Username/);
    for (const token of [tokens.bob, tokens.adaRead])
      assert.match(
        await push(as(token)),
        /remote: You are not authorized to push to this repo\.\n.*error: 403/,
      );
    assert.equal((await hub(emulator, `/${repo}/resolve/main/notes.txt`)).status, 404);
  });

  it("a push that is behind main is rejected by git's own rules", async () => {
    await git.run('clone', as(tokens.ada), 'work');
    await admin(emulator, '/state', { repos: { [repo]: { files: { 'patched.txt': 'x' } } } });
    await edit('notes.txt', 'x', 'Add notes');
    const { code, stderr } = await git.run('-C', 'work', 'push', 'origin', 'HEAD:main');
    assert.notEqual(code, 0);
    assert.match(stderr, /rejected/);
  });

  it('gated: a clone is refused with the reason', async () => {
    await admin(emulator, '/state', { repos: { 'acme/experiment-01': { gated: 'auto' } } });
    const { stderr } = await git.run('clone', as(tokens.bob, 'acme/experiment-01'), 'work');
    assert.match(
      stderr,
      /remote: Access to model acme\/experiment-01 is restricted and you are not in the authorized list/,
    );
  });

  it("a full window's 429 is printed by git, which sends its token only once it was asked to", async () => {
    await admin(emulator, '/state', { windows: { api: { fullForSeconds: 45 } } });
    assert.equal((await git.run('clone', as(tokens.ada), 'public')).code, 0);
    const { stderr } = await git.run('clone', as(tokens.ada, 'ada/secret-model'), 'work');
    assert.match(
      stderr,
      /remote: We had to rate limit you, you hit the quota of 2500 api requests per 5 minutes period/,
    );
    assert.match(stderr, /The requested URL returned error: 429/);
  });
});
