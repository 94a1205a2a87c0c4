import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { commit, downloadFile, listFiles, uploadFile } from '@huggingface/hub';
import type { Emulator } from '../emulator/server.ts';
import { admin, call, frozenEmulator, hub } from './emulatorCalls.ts';

const repo = 'ada/bert-finetuned';

describe('emulator, files of the Hub', () => {
  let emulator: Emulator;
  let where: { hubUrl: string; accessToken: string };
  beforeEach(async () => {
    emulator = await frozenEmulator();
    where = { hubUrl: emulator.hubUrl, accessToken: emulator.token ?? '' };
  });
  afterEach(() => emulator.close());

  const resolve = (path: string, init: RequestInit = {}) =>
    fetch(`${emulator.hubUrl}/${repo}/resolve/main/${path}`, {
      redirect: 'manual',
      ...init,
      headers: { authorization: `Bearer ${emulator.token}`, ...init.headers },
    });

  it('resolve: redirects to a relative URL for a file in git, to the CDN for a large file', async () => {
    const small = await resolve('config.json', { method: 'HEAD' });
    assert.equal(small.status, 307);
    assert.match(small.headers.get('location') ?? '', /^\/api\/resolve-cache\/models\/ada\/bert-finetuned\//);
    assert.equal(small.headers.get('x-linked-size'), '42');
    const large = await resolve('model.safetensors', { method: 'HEAD' });
    assert.equal(large.status, 302);
    assert.ok(large.headers.get('location')?.startsWith(`${emulator.cdnUrl}/objects/3000000/`));
    assert.equal(large.headers.get('x-linked-size'), '3000000');
    assert.match(large.headers.get('x-linked-etag') ?? '', /^"[0-9a-f]{64}"$/);
    assert.match(large.headers.get('x-repo-commit') ?? '', /^[0-9a-f]{40}$/);
  });

  it('CDN: a signed URL serves ranges; a token, a wrong signature or an expired URL is refused', async () => {
    const location = (await resolve('model.safetensors')).headers.get('location') ?? '';
    const get = (range?: string, url = location) => fetch(url, { headers: range ? { range } : {} });
    const whole = Buffer.from(await (await get()).arrayBuffer());
    const oid = (await resolve('model.safetensors')).headers.get('x-linked-etag')?.replaceAll('"', '');
    assert.equal(createHash('sha256').update(whole).digest('hex'), oid);
    const part = await get('bytes=1000-2000009');
    assert.deepEqual([part.status, part.headers.get('content-range')], [206, 'bytes 1000-2000009/3000000']);
    assert.ok(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(1000, 2_000_010)));
    assert.equal((await get('bytes=-5')).headers.get('content-range'), 'bytes 2999995-2999999/3000000');
    const beyond = await get('bytes=3000000-');
    assert.deepEqual([beyond.status, beyond.headers.get('content-range')], [416, 'bytes */3000000']);
    assert.match(
      await (await fetch(location, { headers: { authorization: 'Bearer x' } })).text(),
      /Only one auth mechanism/,
    );
    assert.equal(
      (await get(undefined, location.replace(/Signature=.{8}/, 'Signature=deadbeef'))).status,
      403,
    );
    emulator.world.clock.set({ advanceMs: 3_601_000 });
    assert.equal((await get()).status, 403);
  });

  it('resolve: serves ranges of a file in git', async () => {
    const get = async (range: string) => {
      const response = await fetch(`${emulator.hubUrl}/${repo}/resolve/main/config.json`, {
        headers: { range },
      });
      return [response.status, response.headers.get('content-range'), await response.text()];
    };
    assert.deepEqual(await get('bytes=0-0'), [206, 'bytes 0-0/42', '{']);
    assert.deepEqual(await get('bytes=-2'), [206, 'bytes 40-41/42', '}\n']);
    assert.deepEqual(await get('bytes=42-'), [416, 'bytes */42', '']);
  });

  it('commit: a large file is uploaded to the CDN once, and can be downloaded again', async () => {
    const weights = Buffer.alloc(1_500_000, 'weights');
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
    assert.deepEqual(
      emulator
        .requests()
        .map(({ server, method, path, status }) => [server, method, path.split('?')[0], status]),
      [
        ['hub', 'POST', `/api/models/${repo}/preupload/main`, 200],
        ['hub', 'POST', `/${repo}.git/info/lfs/objects/batch`, 200],
        ['cdn', 'PUT', `/objects/1500000/${createHash('sha256').update(weights).digest('hex')}`, 200],
        ['hub', 'POST', `/api/models/${repo}/commit/main`, 200],
      ],
    );
    const back = await downloadFile({ ...where, repo, path: 'new.safetensors' });
    assert.ok(Buffer.from((await back?.arrayBuffer()) ?? new ArrayBuffer(0)).equals(weights));
    const rows = [];
    for await (const row of listFiles({ ...where, repo })) rows.push(row);
    assert.equal(rows.find(({ path }) => path === 'new.safetensors')?.lfs?.size, 1_500_000);
    // An object that is stored already is not uploaded again.
    await uploadFile({ ...where, repo, file: { path: 'again.safetensors', content: new Blob([weights]) } });
    assert.equal(emulator.requests().filter(({ method }) => method === 'PUT').length, 1);
  });

  it('upload: other bytes, no length, or a commit of an object never uploaded is refused', async () => {
    const oid = createHash('sha256').update('hello').digest('hex');
    const batch = await hub(emulator, `/${repo}.git/info/lfs/objects/batch`, {
      headers: { 'content-type': 'application/vnd.git-lfs+json' },
      body: { operation: 'upload', transfers: ['basic'], objects: [{ oid, size: 5 }] },
    });
    const { href } = batch.json.objects[0].actions.upload;
    const put = (body: string | ReadableStream) =>
      fetch(href, { method: 'PUT', body, duplex: 'half' } as RequestInit);
    assert.equal((await put('jello')).status, 400);
    assert.equal((await put(new Blob(['hello']).stream())).status, 411);
    const lines = [
      { key: 'header', value: { summary: 'x' } },
      { key: 'lfsFile', value: { path: 'a.bin', algo: 'sha256', oid, size: 5 } },
    ];
    const send = () =>
      fetch(`${emulator.hubUrl}/api/models/${repo}/commit/main`, {
        method: 'POST',
        headers: { authorization: `Bearer ${emulator.token}`, 'content-type': 'application/x-ndjson' },
        body: lines.map(line => JSON.stringify(line)).join('\n'),
      });
    assert.equal((await send()).status, 400);
    assert.equal((await put('hello')).status, 200);
    assert.equal((await send()).status, 200);
    const denied = await hub(emulator, `/openai/gpt-oss-120b.git/info/lfs/objects/batch`, {
      body: { operation: 'upload', objects: [{ oid, size: 5 }] },
    });
    assert.equal(denied.status, 403);
  });

  it('tree: lists the files in pages', async () => {
    const first = await hub(emulator, `/api/models/${repo}/tree/main?limit=3`);
    assert.equal(first.json.length, 3);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await call(emulator, next);
    assert.deepEqual(
      second.json.map(({ path }: { path: string }) => path),
      ['model.safetensors'],
    );
    assert.equal(second.headers.get('link'), null);
  });

  it('inferenceProviderMapping: a map or an array of the provider ids of a model', async () => {
    const path = '/api/models/meta-llama/Llama-3.1-8B-Instruct?expand[]=inferenceProviderMapping';
    const entry = {
      status: 'live',
      providerId: 'llama-3.1-8b-instant',
      task: 'conversational',
      isModelAuthor: false,
    };
    assert.deepEqual((await hub(emulator, path)).json.inferenceProviderMapping.groq, entry);
    await admin(emulator, '/state', { mappingForm: 'array' });
    const [first] = (await hub(emulator, path)).json.inferenceProviderMapping;
    assert.deepEqual(first, { provider: 'groq', ...entry });
    const flux = (await hub(emulator, '/api/partners/nscale/models?status=live')).json['text-to-image'];
    assert.equal(flux['black-forest-labs/FLUX.1-schnell'].providerId, 'black-forest-labs/FLUX.1-schnell');
    const bert = await hub(emulator, `/api/models/${repo}?expand[]=inferenceProviderMapping`);
    assert.deepEqual(bert.json.inferenceProviderMapping, []);
  });

  it('GET /requests: marks a request whose client disconnected', async () => {
    await admin(emulator, '/state', { router: { chunkDelayMs: 60_000 } });
    const leaving = new AbortController();
    const response = await fetch(`${emulator.routerUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${emulator.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'openai/gpt-oss-120b', messages: [], stream: true }),
      signal: leaving.signal,
    });
    await response.body?.getReader().read();
    leaving.abort();
    for (let tries = 0; tries < 200 && !emulator.requests().at(-1)?.cutOff; tries += 1) await wait(5);
    assert.deepEqual([emulator.requests().at(-1)?.cutOff, emulator.requests().at(-1)?.status], [true, 200]);
  });
});
