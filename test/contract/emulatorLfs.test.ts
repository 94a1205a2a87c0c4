import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { tokens } from '../emulator/scenarios.ts';
import type { Emulator } from '../emulator/server.ts';
import { admin, type CallOptions, call, frozenEmulator, hub } from './emulatorCalls.ts';

const repo = 'ada/bert-finetuned';
const hello = { oid: createHash('sha256').update('hello').digest('hex'), size: 5 };

describe('emulator, LFS as git-lfs and huggingface_hub speak it:', () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await frozenEmulator();
  });
  afterEach(() => emulator.close());

  const batch = (body: unknown, options: CallOptions = {}, key = repo) =>
    hub(emulator, `/${key}.git/info/lfs/objects/batch`, {
      body,
      ...options,
      headers: {
        'content-type': 'application/vnd.git-lfs+json',
        accept: 'application/vnd.git-lfs+json',
        ...options.headers,
      },
    });
  const upload = (options?: CallOptions, key?: string) =>
    batch({ operation: 'upload', transfers: ['basic'], objects: [hello] }, options, key);
  const basic = (password: string) => ({
    token: null,
    headers: { authorization: `Basic ${Buffer.from(`user:${password}`).toString('base64')}` },
  });

  it('download: needs no token, and has an error for each object that is not in the repository', async () => {
    const [row] = (
      await hub(emulator, `/api/models/${repo}/paths-info/main`, { body: { paths: ['model.safetensors'] } })
    ).json;
    const objects = [{ oid: row.lfs.oid, size: row.lfs.size }, hello];
    const { status, json, headers } = await batch({ operation: 'download', objects }, { token: null });
    assert.equal(status, 200);
    assert.match(headers.get('content-type') ?? '', /^application\/vnd\.git-lfs\+json/);
    const bytes = await fetch(json.objects[0].actions.download.href);
    assert.equal((await bytes.arrayBuffer()).byteLength, 3_000_000);
    assert.equal(json.objects[1].error.code, 404);
  });

  it("upload: the bytes go to the CDN, and are verified at the Hub's own address", async () => {
    const { json } = await upload(basic(tokens.ada));
    const { upload: put, verify } = json.objects[0].actions;
    assert.equal(verify.href, `${emulator.hubUrl}/${repo}.git/info/lfs/objects/verify`);
    assert.equal((await call(emulator, verify.href, { body: hello })).status, 404);
    assert.equal((await fetch(put.href, { method: 'PUT', body: 'hello' })).status, 200);
    assert.equal((await call(emulator, verify.href, { body: hello })).status, 200);
    assert.equal((await upload()).json.objects[0].actions, undefined);
  });

  it('upload: without a token 401 with a Basic challenge, with another user 403', async () => {
    const anonymous = await upload({ token: null });
    assert.deepEqual([anonymous.status, anonymous.json.message], [401, 'Invalid username or password.']);
    assert.match(anonymous.headers.get('www-authenticate') ?? '', /^Basic realm=/);
    assert.equal((await upload(basic(tokens.bob))).status, 403);
    const password = await upload(basic('secret'));
    assert.match(password.json.message, /^Password authentication in git is no longer supported/);
  });

  for (const [title, body] of Object.entries({
    'no operation': { objects: [hello] },
    'no objects': { operation: 'download', objects: [] },
    'an oid that is no SHA-256': { operation: 'download', objects: [{ oid: 'x', size: 5 }] },
    'a size that is no number': { operation: 'upload', objects: [{ ...hello, size: '5' }] },
  })) {
    it(`batch: ${title} gets a 422`, async () => {
      assert.equal((await batch(body)).status, 422);
    });
  }

  it("batch: a full window's 429 is the message that git-lfs prints, with HF's headers", async () => {
    await admin(emulator, '/scenario', { name: 'free', windows: { api: { fullForSeconds: 45 } } });
    const { status, json, headers } = await batch(
      { operation: 'download', objects: [hello] },
      basic(tokens.bob),
    );
    assert.equal(status, 429);
    assert.match(
      json.message,
      /^We had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period\. Upgrade/,
    );
    assert.equal(headers.get('ratelimit'), '"api";r=0;t=45');
    assert.equal(headers.get('ratelimit-policy'), '"fixed window";"api";q=1000;w=300');
  });

  it('private storage: LFS refuses an upload beyond the limit with 403, a commit with 400', async () => {
    const text =
      'Private repository storage limit reached, please upgrade your plan to increase your private storage limit.';
    const storage = { privateBytes: 100, privateLimitBytes: 104 };
    await admin(emulator, '/state', { users: { ada: { storage } } });
    const refused = await upload({}, 'ada/secret-model');
    assert.deepEqual([refused.status, refused.json.message], [403, text]);
    assert.equal(refused.headers.get('x-error-message'), text);
    const commit = (content: string) =>
      fetch(`${emulator.hubUrl}/api/models/ada/secret-model/commit/main`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tokens.ada}`, 'content-type': 'application/x-ndjson' },
        body: `{"key":"header","value":{"summary":"x"}}\n${JSON.stringify({ key: 'file', value: { path: 'a.txt', content } })}`,
      });
    assert.equal((await commit('abcd')).status, 200);
    const full = await commit('e');
    assert.deepEqual([full.status, await full.json()], [400, { error: text }]);
    assert.equal((await upload()).status, 200, 'to a public repository');
  });
});
