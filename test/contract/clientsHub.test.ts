import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  commit,
  createRepo,
  downloadFile,
  type HubApiError,
  listFiles,
  listModels,
  uploadFile,
  whoAmI,
} from '@huggingface/hub';
import { tokens } from '../emulator/scenarios.ts';
import { type GatewayTestSetup, gatewaySetup } from './gatewaySetup.ts';

const repo = 'ada/bert-finetuned';

describe('gateway with @huggingface/hub:', () => {
  let setup: GatewayTestSetup;
  let where: { hubUrl: string; accessToken: string };
  beforeEach(async () => {
    setup = await gatewaySetup();
    where = { hubUrl: setup.gateway.hub, accessToken: setup.key };
  });
  afterEach(() => setup.close());

  const hubRequests = () => setup.received().filter(({ server }) => server === 'hub');

  for (const profile of ['personal', 'org:acme', 'key:groq']) {
    it(`a Hub request under ${profile} has the user's token and no X-HF-Bill-To`, async () => {
      setup.setProfile(profile);
      assert.equal((await whoAmI(where)).name, 'ada');
      const { server, headers } = setup.only();
      assert.deepEqual(
        [server, headers.authorization, headers['x-hf-bill-to'], headers['x-hf-session-id']],
        ['hub', `Bearer ${tokens.ada}`, undefined, undefined],
      );
    });
  }

  it('the Link header of each page of a listing leads to the gateway', async () => {
    const origins: string[] = [];
    const pageOf10 = (input: string | URL | Request, init?: RequestInit) => {
      origins.push(new URL(String(input)).origin);
      return fetch(String(input).replace('limit=500', 'limit=10'), init);
    };
    const names: string[] = [];
    for await (const { name } of listModels({ ...where, search: { owner: 'acme' }, fetch: pageOf10 }))
      names.push(name);
    assert.equal(new Set(names).size, 42);
    assert.deepEqual([...new Set(origins)], [where.hubUrl]);
    assert.equal(origins.length, 5);
    assert.equal(hubRequests().length, 5);
  });

  it("a file in git downloads through the Hub's relative redirect, whole and by range", async () => {
    const file = await downloadFile({ ...where, repo, path: 'config.json' });
    assert.equal(await file?.text(), '{"model_type":"llama","hidden_size":4096}\n');
    assert.equal(await file?.slice(1, 13).text(), '"model_type"');
    assert.equal(hubRequests().at(-1)?.headers.range, 'bytes=1-12');
    assert.equal(await downloadFile({ ...where, repo, path: 'none.txt' }), null);
  });

  it('a large file downloads from the CDN without any token', async () => {
    const file = await downloadFile({ ...where, repo, path: 'model.safetensors' });
    const bytes = Buffer.from((await file?.arrayBuffer()) ?? new ArrayBuffer(0));
    const head = await fetch(`${where.hubUrl}/${repo}/resolve/main/model.safetensors`, {
      method: 'HEAD',
      redirect: 'manual',
      headers: { authorization: `Bearer ${setup.key}` },
    });
    assert.deepEqual([head.status, head.headers.get('x-linked-size')], [302, '3000000']);
    assert.equal(head.headers.get('x-linked-etag'), `"${createHash('sha256').update(bytes).digest('hex')}"`);
    const part = Buffer.from((await file?.slice(1_000_000, 1_000_999).arrayBuffer()) ?? new ArrayBuffer(0));
    assert.ok(part.equals(bytes.subarray(1_000_000, 1_000_999)));
    const atStorage = setup.received().filter(({ server }) => server === 'cdn');
    assert.deepEqual(
      atStorage.map(({ headers, status }) => [headers.range, headers.authorization, status]),
      [
        ['bytes=0-0', undefined, 206],
        [undefined, undefined, 200],
        ['bytes=1000000-1000998', undefined, 206],
      ],
    );
  });

  it('commit, listFiles and downloadFile work for small and large files', async () => {
    const weights = Buffer.alloc(2_500_000, 'weights');
    const result = await commit({
      ...where,
      repo,
      title: 'both',
      operations: [
        { operation: 'addOrUpdate', path: 'new.safetensors', content: new Blob([weights]) },
        { operation: 'addOrUpdate', path: 'notes.txt', content: new Blob(['hello']) },
      ],
    });
    assert.match(result?.commit.oid ?? '', /^[0-9a-f]{40}$/);
    const rows = new Map<string, number>();
    for await (const { path, size } of listFiles({ ...where, repo })) rows.set(path, size);
    assert.deepEqual([rows.get('new.safetensors'), rows.get('notes.txt')], [2_500_000, 5]);
    const back = await downloadFile({ ...where, repo, path: 'new.safetensors' });
    assert.ok(Buffer.from((await back?.arrayBuffer()) ?? new ArrayBuffer(0)).equals(weights));
    await commit({
      ...where,
      repo,
      title: 'remove',
      operations: [{ operation: 'delete', path: 'notes.txt' }],
    });
    assert.equal(await downloadFile({ ...where, repo, path: 'notes.txt' }), null);
    for (const { headers } of hubRequests()) assert.equal(headers.authorization, `Bearer ${tokens.ada}`);
  });

  it('a commit of 10 MB arrives unchanged', async () => {
    const text = 'line\n'.repeat(1_500_000);
    await uploadFile({ ...where, repo, file: { path: 'big.txt', content: new Blob([text]) } });
    const back = await downloadFile({ ...where, repo, path: 'big.txt' });
    assert.ok((await back?.text()) === text);
    const sent = hubRequests().find(({ path }) => path.includes('/commit/'));
    assert.ok((sent?.size ?? 0) > 10_000_000);
  });

  it('createRepo works', async () => {
    const { repoUrl } = await createRepo({ ...where, repo: 'ada/made-here' });
    assert.ok(repoUrl.endsWith('/ada/made-here'));
  });

  it("a program's own token is forwarded", async () => {
    assert.equal((await whoAmI({ ...where, accessToken: tokens.bob })).name, 'bob');
    assert.equal(setup.only().headers.authorization, `Bearer ${tokens.bob}`);
  });

  it('without a token, only public reads work, and the token of the user is not used', async () => {
    const hubUrl = where.hubUrl;
    for (const profile of ['personal', 'org:acme', 'key:groq']) {
      setup.setProfile(profile);
      const file = await downloadFile({ hubUrl, repo, path: 'config.json' });
      assert.equal(await file?.text(), '{"model_type":"llama","hidden_size":4096}\n');
    }
    const large = await downloadFile({ hubUrl, repo, path: 'model.safetensors' });
    assert.equal((await large?.arrayBuffer())?.byteLength, 3_000_000);
    const names: string[] = [];
    for await (const { name } of listModels({ hubUrl, search: { owner: 'acme' } })) names.push(name);
    assert.equal(names.length, 42);
    const hidden = downloadFile({ hubUrl, repo: 'ada/secret-model', path: 'config.json' });
    await assert.rejects(hidden, (error: HubApiError) => error.statusCode === 401);
    assert.ok(await downloadFile({ ...where, repo: 'ada/secret-model', path: 'config.json' }));
    const withToken = hubRequests().filter(({ headers }) => headers.authorization !== undefined);
    assert.deepEqual(
      withToken.map(({ path }) => path.includes('/secret-model/')),
      [true, true],
    );
    const arrived = hubRequests().length;
    const written = uploadFile({ hubUrl, repo, file: { path: 'a.txt', content: new Blob(['a']) } });
    await assert.rejects(
      written,
      (error: HubApiError) => error.statusCode === 401 && /HF_TOKEN/.test(error.message),
    );
    assert.equal(hubRequests().length, arrived);
  });

  it("the client's errors have the Hub's status and text", async () => {
    const failure = async (promise: Promise<unknown>) => {
      const error = await promise.then(
        () => assert.fail('no error'),
        (reason: unknown) => reason as HubApiError,
      );
      return `${error.statusCode} ${error.message}`;
    };
    const elsewhere = commit({
      ...where,
      repo: 'openai/gpt-oss-120b',
      title: 'x',
      operations: [{ operation: 'addOrUpdate', path: 'a.txt', content: new Blob(['a']) }],
    });
    assert.match(await failure(elsewhere), /^403 You don't have the required permissions/);
    assert.match(
      await failure(downloadFile({ ...where, repo: 'ada/none', path: 'a' })),
      /^404 Repository not found/,
    );
    await setup.patch({ limits: { api: 0 } });
    const full = failure(listModels(where).next());
    assert.match(await full, /^429 We had to rate limit you, you hit the quota of 0 api requests/);
    assert.match(
      await failure(whoAmI({ ...where, accessToken: 'hf_headroom_of_another_gateway' })),
      /^401 This is not the key of this gateway/,
    );
  });
});
