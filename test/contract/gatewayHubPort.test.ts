import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mostIdleStrangers } from '../../src/limits/bounds.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type GatewayTestSetup, gatewaySetup } from './gatewaySetup.ts';
import { type RawClient, rawClient, sendRaw } from './rawClient.ts';
import { chunk, type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { gatewayTo, key, type TestGateway, withKey } from './testGateway.ts';

const repo = 'ada/bert-finetuned';
const lfsType = 'application/vnd.git-lfs+json';

describe("gateway, the Hub's port:", () => {
  let setup: GatewayTestSetup;
  let hub: string;
  beforeEach(async () => {
    setup = await gatewaySetup();
    hub = setup.gateway.hub;
  });
  afterEach(() => setup.close());

  const ask = (url: string, { headers, ...init }: RequestInit & { headers?: Record<string, string> } = {}) =>
    fetch(url, { headers: { authorization: `Bearer ${setup.key}`, ...headers }, ...init });
  const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  it('it is another port, and serves the Hub at its root as the first one does below /hub', async () => {
    assert.match(hub, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.notEqual(hub, setup.url);
    for (const base of [hub, `${setup.url}/hub`]) {
      assert.equal(((await (await ask(`${base}/api/whoami-v2`)).json()) as { name: string }).name, 'ada');
      const own = await ask(`${base}/api/whoami-v2`, { headers: { authorization: `Bearer ${tokens.bob}` } });
      assert.equal(((await own.json()) as { name: string }).name, 'bob');
      const file = await fetch(`${base}/${repo}/resolve/main/config.json`);
      assert.equal(await file.text(), '{"model_type":"llama","hidden_size":4096}\n');
    }
    const paths = setup.received().map(({ server, path }) => `${server} ${path.split('?')[0]}`);
    assert.deepEqual(paths.slice(0, paths.length / 2), paths.slice(paths.length / 2));
  });

  it("the router's paths are the Hub's there: it is sent no payer, and x-api-key is no credential", async () => {
    setup.setProfile('org:acme');
    const answer = await post(`${hub}/v1/chat/completions`, { model: 'x', messages: [] });
    assert.equal(answer.status, 404);
    const { server, headers } = setup.only();
    assert.deepEqual([server, headers['x-hf-bill-to']], ['hub', undefined]);
    const messages = await fetch(`${hub}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': setup.key },
      body: '{}',
    });
    assert.equal(messages.status, 401);
    assert.equal(setup.received().length, 1);
  });

  for (const [name, status, headers] of [
    ['a wrong key', 401, { authorization: 'Bearer hf_headroom_other' }],
    ['a page', 403, { origin: 'https://evil.example' }],
  ] as const) {
    it(`refused: ${name}`, async () => {
      const answer = await ask(`${hub}/api/models`, { headers });
      assert.equal(answer.status, status);
      assert.deepEqual(Object.keys((await answer.json()) as object), ['error']);
      assert.deepEqual(setup.received(), []);
    });
  }

  it("each port answers to its own name only, so a page at one can't use the other", async () => {
    const { request } = await import('node:http');
    const statusFor = (url: string, host: string) =>
      new Promise<number>((resolve, reject) => {
        const sent = request(url, { headers: { host } }, answer => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        });
        sent.on('error', reject).end();
      });
    const host = (url: string) => new URL(url).host;
    assert.equal(await statusFor(`${hub}/api/models`, host(setup.url)), 403);
    assert.equal(await statusFor(`${setup.url}/hub/api/models`, host(hub)), 403);
    assert.equal(await statusFor(`${hub}/api/models`, 'evil.example'), 403);
    assert.equal(await statusFor(`${hub}/api/models`, host(hub)), 200);
  });

  it('the pages of a listing and the redirect of a file lead back to where the client asked', async () => {
    const port = new URL(hub).port;
    for (const base of [hub, `http://localhost:${port}`, `${setup.url}/hub`]) {
      const { headers } = await ask(`${base}/api/models?limit=1`);
      assert.ok(headers.get('link')?.startsWith(`<${base}/api/models?`), headers.get('link') ?? '');
      const file = await ask(`${base}/${repo}/resolve/main/config.json`, { redirect: 'manual' });
      const location = new URL(file.headers.get('location') ?? '', base).href;
      assert.ok(location.startsWith(`${base}/api/resolve-cache/`), location);
    }
  });

  for (const hubAddress of [undefined, 'https://huggingface.co']) {
    describe(`answers carry ${hubAddress ?? "the Hub's own address"},`, () => {
      beforeEach(async () => {
        if (hubAddress !== undefined) await setup.patch({ hubAddress });
      });
      const bases = () => [hub, `${setup.url}/hub`];

      it('a created repository, a commit and the 409 of one that exists lead back', async () => {
        for (const [index, base] of bases().entries()) {
          const name = `made-${index}`;
          for (const status of [200, 409]) {
            const answer = await post(`${base}/api/repos/create`, { name, type: 'dataset' });
            assert.equal(answer.status, status);
            assert.equal(((await answer.json()) as { url: string }).url, `${base}/datasets/ada/${name}`);
          }
          const commit = await post(
            `${base}/api/datasets/ada/${name}/commit/main`,
            '{"key":"header","value":{"summary":"x"}}\n{"key":"file","value":{"path":"a.txt","content":"hi"}}',
            { 'content-type': 'application/x-ndjson' },
          );
          const { commitUrl, commitOid } = (await commit.json()) as { commitUrl: string; commitOid: string };
          assert.equal(commitUrl, `${base}/datasets/ada/${name}/commit/${commitOid}`);
        }
      });

      it('an LFS upload is verified through the gateway, and its bytes go to the CDN', async () => {
        for (const [index, base] of bases().entries()) {
          const text = `hello ${index}`;
          const object = { oid: createHash('sha256').update(text).digest('hex'), size: text.length };
          const batch = await post(
            `${base}/${repo}.git/info/lfs/objects/batch`,
            { operation: 'upload', transfers: ['basic'], objects: [object] },
            { 'content-type': lfsType, accept: lfsType },
          );
          assert.equal(batch.headers.get('content-length'), null);
          const { objects } = (await batch.json()) as {
            objects: { actions: Record<'upload' | 'verify', { href: string }> }[];
          };
          const { upload, verify } = objects[0]!.actions;
          assert.equal(verify.href, `${base}/${repo}.git/info/lfs/objects/verify`);
          assert.equal(new URL(upload.href).origin, setup.emulator.cdnUrl);
          assert.equal((await fetch(upload.href, { method: 'PUT', body: text })).status, 200);
          assert.equal((await post(verify.href, object)).status, 200);
        }
      });
    });
  }

  it('addresses are found where the server compresses, because it is asked not to', async () => {
    await setup.patch({ compress: true });
    const answer = await post(`${hub}/api/repos/create`, { name: 'plain' }, { 'accept-encoding': 'gzip' });
    assert.equal(answer.headers.get('content-encoding'), null);
    assert.equal(((await answer.json()) as { url: string }).url, `${hub}/ada/plain`);
    const other = await ask(`${hub}/api/models`, { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(other.headers.get('content-encoding'), 'gzip');
  });

  it('a refusal keeps its words and its length', async () => {
    const answer = await post(`${hub}/api/repos/create`, { name: 'x', organization: 'strangers' });
    assert.equal(answer.status, 403);
    assert.equal(answer.headers.get('content-length'), String((await answer.arrayBuffer()).byteLength));
  });
});

describe('gateway, both ports:', () => {
  let upstream: RawUpstream;
  let gateway: TestGateway;
  let answer: string;
  /** Upstream closes the connection behind its answer. */
  let isCut: boolean;
  let clients: RawClient[];
  beforeEach(async () => {
    isCut = false;
    upstream = await rawUpstream(({ socket }) => {
      if (isCut) socket.write(answer, () => setImmediate(() => socket.destroy()));
      else socket.write(answer);
    });
    gateway = await gatewayTo(upstream.url);
    clients = [];
  });
  afterEach(async () => {
    for (const { socket } of clients) socket.destroy();
    await gateway.stop();
    await upstream.close();
  });

  const hubPort = () => Number(new URL(gateway.hub).port);
  const connected = async (port: number) => {
    const client = await rawClient(port);
    clients.push(client);
    return client;
  };
  const commit = (version = '1.1') => {
    const lines = [
      `POST /api/models/acme/x/commit/main HTTP/${version}`,
      `Host: 127.0.0.1:${hubPort()}`,
      `Authorization: Bearer ${key}`,
      'Content-Length: 0',
      'Connection: close',
    ];
    return `${lines.join('\r\n')}\r\n\r\n`;
  };
  const body = () => `{"success":true,"commitUrl":"${upstream.url}/acme/x/commit/1","hookOutput":""}`;
  const replaced = () => body().replace(upstream.url, gateway.hub);

  it('idle connections without the key have few places at both together', async () => {
    for (let at = 0; at < 50; at += 1) for (const port of [gateway.port, hubPort()]) await connected(port);
    const isOpen = ({ socket }: RawClient) => !socket.destroyed && !socket.readableEnded;
    while (clients.filter(isOpen).length > mostIdleStrangers)
      await new Promise(resolve => setTimeout(resolve, 5));
    assert.equal(clients.filter(isOpen).length, mostIdleStrangers);
  });

  it('both close', async () => {
    await gateway.close(0);
    for (const url of [gateway.url, gateway.hub]) await assert.rejects(fetch(`${url}/api/models`));
  });

  it('a body with an address goes out in chunks, however its length was told, and to HTTP/1.0 until the end', async () => {
    for (answer of [
      response(200, body(), { 'content-md5': 'of the other body' }),
      `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(body().slice(0, 30))}${chunk(body().slice(30))}0\r\n\r\n`,
    ]) {
      const text = await sendRaw(hubPort(), commit());
      assert.doesNotMatch(text, /content-length|content-md5/i);
      assert.match(text, /\r\n0\r\n\r\n$/);
      const got = await fetch(`${gateway.hub}/api/models/acme/x/commit/main`, {
        method: 'POST',
        headers: withKey(),
      });
      assert.equal(await got.text(), replaced());
    }
    const old = await sendRaw(hubPort(), commit('1.0'));
    assert.equal(old.slice(old.indexOf('\r\n\r\n') + 4), replaced());
  });

  it('one that breaks off arrives as far as it came, without a proper end', async () => {
    isCut = true;
    answer = response(200, `${body()}lost`).slice(0, -4);
    const text = await sendRaw(hubPort(), commit());
    assert.ok(text.includes(gateway.hub) && text.includes('hookOutput'), text);
    assert.doesNotMatch(text, /\r\n0\r\n\r\n$/);
  });
});
