import assert from 'node:assert/strict';
import { tokens } from '../emulator/scenarios.ts';
import type { Emulator } from '../emulator/server.ts';
import { admin, call, frozenEmulator, hub } from './emulatorCalls.ts';

const repo = 'ada/bert-finetuned';
const reviews = 'datasets/ada/reviews';

interface Row {
  readonly type: string;
  readonly path: string;
}

describe('emulator, repositories as huggingface_hub asks for them:', () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await frozenEmulator();
  });
  afterEach(() => emulator.close());

  const create = (body: unknown, token?: string) =>
    hub(emulator, '/api/repos/create', { body, ...(token && { token }) });
  const commit = (lines: readonly (readonly [string, unknown])[], token = emulator.token) =>
    fetch(`${emulator.hubUrl}/api/models/${repo}/commit/main`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
      body: lines.map(([key, value]) => JSON.stringify({ key, value })).join('\n'),
    });
  /** As httpx and requests send `data=`. */
  const pathsInfo = async (id: string, paths: readonly string[], revision = 'main') => {
    const form = new URLSearchParams({ expand: 'False' });
    for (const path of paths) form.append('paths', path);
    const response = await fetch(`${emulator.hubUrl}/api/${id}/paths-info/${revision}`, {
      method: 'POST',
      body: form,
    });
    return {
      status: response.status,
      code: response.headers.get('x-error-code'),
      rows: (await response.json()) as Row[],
    };
  };

  it('create: the 200 and the 409 have the address at the Hub itself, not at the Host of the request', async () => {
    const url = `${emulator.hubUrl}/datasets/ada/fresh`;
    const body = { type: 'dataset', name: 'fresh', organization: null };
    const elsewhere = emulator.hubUrl.replace('127.0.0.1', 'localhost');
    const created = await call(emulator, `${elsewhere}/api/repos/create`, { body });
    assert.deepEqual([created.status, created.json.url, created.json.name], [200, url, 'ada/fresh']);
    const again = await create(body);
    assert.deepEqual([again.status, again.json.url], [409, url]);
    assert.equal(again.headers.get('x-error-message'), again.json.error);
    await admin(emulator, '/state', { hubAddress: 'https://huggingface.co' });
    assert.equal((await create(body)).json.url, 'https://huggingface.co/datasets/ada/fresh');
  });

  it('create: a private repository is hidden from others; a name or a type that is none gets a 400', async () => {
    assert.equal((await create({ name: 'mine', visibility: 'private' })).status, 200);
    assert.equal((await create({ name: 'mine-too', private: true })).status, 200);
    for (const name of ['mine', 'mine-too'])
      assert.equal((await hub(emulator, `/api/models/ada/${name}`, { token: tokens.bob })).status, 404);
    for (const body of [{}, { name: 'a/b' }, { name: 'x', type: 'bucket' }])
      assert.equal((await create(body)).status, 400, JSON.stringify(body));
  });

  it('paths-info: answers a form and JSON without a token, with a row for each path that exists', async () => {
    const asked = ['data', 'README.md', 'none'];
    const form = await pathsInfo(reviews, asked);
    assert.deepEqual(
      form.rows.map(({ type, path }) => [type, path]),
      [
        ['directory', 'data'],
        ['file', 'README.md'],
      ],
    );
    const json = await hub(emulator, `/api/${reviews}/paths-info/main`, {
      token: null,
      body: { paths: asked },
    });
    assert.deepEqual(json.json, form.rows);
  });

  it('paths-info: a private repository, an unknown revision and a body without paths are refused', async () => {
    const hidden = await pathsInfo('models/ada/secret-model', ['config.json']);
    assert.deepEqual([hidden.status, hidden.code], [401, 'RepoNotFound']);
    const revision = await pathsInfo(reviews, ['data'], 'nope');
    assert.deepEqual([revision.status, revision.code], [404, 'RevisionNotFound']);
    assert.equal((await pathsInfo(reviews, [])).status, 400);
  });

  it('tree: lists a folder, or everything below it, in pages with a Link', async () => {
    const paths = async (query: string) =>
      (await hub(emulator, `/api/${reviews}/tree/main${query}`)).json.map(({ path }: Row) => path);
    assert.deepEqual(await paths(''), ['README.md', 'data']);
    assert.deepEqual(await paths('?recursive=True'), ['README.md', 'data', 'data/train.csv']);
    assert.deepEqual(await paths('/data'), ['data/train.csv']);
    const first = await hub(emulator, `/api/${reviews}/tree/main?recursive=True&limit=2`);
    const next = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    assert.ok(next.startsWith(emulator.hubUrl));
    assert.deepEqual(
      (await call(emulator, next)).json.map(({ path }: Row) => path),
      ['data/train.csv'],
    );
    const [expanded] = (await hub(emulator, `/api/${reviews}/tree/main/data?expand=True`)).json;
    assert.match(expanded.lastCommit.id, /^[0-9a-f]{40}$/);
    assert.equal(expanded.securityFileStatus.status, 'safe');
  });

  it('commit: the new commit has the files, and the old one still serves its own', async () => {
    const before = (await hub(emulator, `/api/models/${repo}`)).json.sha;
    const operations = [
      ['header', { summary: 'change', parentCommit: before }],
      ['file', { path: 'a/b.txt', content: Buffer.from('b').toString('base64'), encoding: 'base64' }],
      ['deletedFile', { path: 'config.json' }],
    ] as const;
    const { commitOid, commitUrl } = (await (await commit(operations)).json()) as Record<string, string>;
    assert.equal(commitUrl, `${emulator.hubUrl}/${repo}/commit/${commitOid}`);
    const status = async (revision: string, path: string) =>
      (await hub(emulator, `/${repo}/resolve/${revision}/${path}`)).status;
    assert.deepEqual([await status('main', 'a/b.txt'), await status(before, 'a/b.txt')], [200, 404]);
    assert.deepEqual([await status('main', 'config.json'), await status(before, 'config.json')], [404, 200]);
    assert.equal((await commit(operations)).status, 412);
  });

  it('commit: one bad operation refuses the whole commit', async () => {
    const before = (await hub(emulator, `/api/models/${repo}`)).json.sha;
    const bad = [
      [404, 'deletedFile', { path: 'none.txt' }],
      [404, 'deletedFolder', { path: 'none/' }],
      [400, 'lfsFile', { path: 'x.bin', algo: 'sha256', oid: 'f'.repeat(64), size: 1 }],
      [400, 'rename', { path: 'config.json' }],
    ] as const;
    for (const [status, key, value] of bad) {
      const lines = [
        ['header', { summary: 'x' }],
        ['file', { path: 'a.txt', content: 'a' }],
        [key, value],
      ] as const;
      assert.equal((await commit(lines)).status, status, key);
    }
    assert.equal((await hub(emulator, `/api/models/${repo}`)).json.sha, before);
  });

  it("preupload: names the oid of the file that is there, by git's hash or by SHA-256", async () => {
    const files = ['config.json', 'model.safetensors', 'new.txt'].map(path => ({
      path,
      size: 1,
      sample: 'YQ==',
    }));
    const { json } = await hub(emulator, `/api/models/${repo}/preupload/main`, { body: { files } });
    // `printf '{"model_type":"llama","hidden_size":4096}\n' | git hash-object --stdin`
    assert.equal(json.files[0].oid, 'b4f5c3dcdce1e77ff6702363a7c07dfc0f2b8cd1');
    assert.match(json.files[1].oid, /^[0-9a-f]{64}$/);
    assert.deepEqual([json.files[1].uploadMode, json.files[2].oid], ['lfs', undefined]);
  });

  const missing = [
    [401, 'RepoNotFound', 'an unknown repository without a token', '/api/models/ada/none', null],
    [404, 'RepoNotFound', 'an unknown repository', '/api/models/ada/none', tokens.bob],
    [
      404,
      'RepoNotFound',
      'a private repository of another user',
      '/ada/secret-model/resolve/main/config.json',
      tokens.bob,
    ],
    [404, 'RevisionNotFound', 'an unknown revision', `/api/models/${repo}/revision/nope`, null],
    [404, 'RevisionNotFound', 'a file at an unknown revision', `/${repo}/resolve/nope/config.json`, null],
    [404, 'EntryNotFound', 'an unknown file', `/${repo}/resolve/main/none.txt`, null],
    [404, 'EntryNotFound', 'an unknown folder', `/api/models/${repo}/tree/main/none`, null],
    [401, 'GatedRepo', 'a gated file without a token', '/acme/experiment-01/resolve/main/config.json', null],
    [403, 'GatedRepo', 'a gated file', '/acme/experiment-01/resolve/main/config.json', tokens.bob],
  ] as const;
  for (const [status, code, title, path, token] of missing) {
    it(`${title} gets a ${status} with ${code}`, async () => {
      await admin(emulator, '/state', { repos: { 'acme/experiment-01': { gated: 'auto' } } });
      const answer = await hub(emulator, path, { token });
      assert.deepEqual([answer.status, answer.headers.get('x-error-code')], [status, code]);
      assert.equal(answer.headers.get('x-error-message'), answer.json.error);
    });
  }

  it('gated: accounts with access read the files, a fine-grained token only with its permission', async () => {
    const gated = { gated: 'manual', granted: ['bob', 'ada'] };
    await admin(emulator, '/state', { repos: { 'openai/gpt-oss-120b': gated } });
    const status = async (token: string) =>
      (await hub(emulator, '/openai/gpt-oss-120b/resolve/main/config.json', { token })).status;
    assert.deepEqual([await status(tokens.bob), await status(tokens.eve)], [200, 403]);
    assert.equal(await status(tokens.adaFineGrained), 403);
    await admin(emulator, '/state', { tokens: { [tokens.adaFineGrained]: { canReadGatedRepos: true } } });
    assert.equal(await status(tokens.adaFineGrained), 200);
    assert.equal((await hub(emulator, '/api/models/openai/gpt-oss-120b', { token: null })).status, 200);
  });
});
