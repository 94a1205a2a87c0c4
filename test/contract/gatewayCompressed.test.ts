import assert from 'node:assert/strict';
import * as zlib from 'node:zlib';
import type { GatewayConfig } from '../../src/gateway/options.ts';
import { rawClient, requestHead } from './rawClient.ts';
import { type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { errorOf, gatewayTo, type TestGateway, withKey } from './testGateway.ts';

const codings: Readonly<Record<string, (plain: Buffer) => Buffer>> = {
  gzip: plain => zlib.gzipSync(plain),
  'x-gzip': plain => zlib.gzipSync(plain),
  GZip: plain => zlib.gzipSync(plain),
  deflate: plain => zlib.deflateSync(plain),
  br: plain => zlib.brotliCompressSync(plain),
  zstd: plain => zlib.zstdCompressSync(plain),
};

const chatBody = '{"messages":[{"role":"user","content":"é"}],"model":"acme/Model-7B"}';

describe('gateway, compressed request bodies:', () => {
  let router: RawUpstream;
  let groq: RawUpstream;
  let gateway: TestGateway;
  const start = async (
    config: Partial<GatewayConfig> = { profile: { kind: 'provider-key', provider: 'groq' } },
  ) => {
    router = await rawUpstream(({ socket }) => socket.write(response(200, '"router"')));
    groq = await rawUpstream(({ socket }) => socket.write(response(200, '"groq"')));
    gateway = await gatewayTo(router.url, {
      models: { find: async () => 'llama-7b-instant', providersOf: async () => [] },
      config: { keys: { groq: 'gsk_developers' }, providerUrls: { groq: groq.url }, ...config },
    });
  };
  afterEach(async () => {
    await gateway.stop();
    await router.close();
    await groq.close();
  });

  const send = (
    body: Buffer,
    encoding: string,
    headers: Record<string, string> = withKey(),
    path = '/v1/chat/completions',
  ) =>
    fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': encoding, ...headers },
      body: new Uint8Array(body),
    });

  for (const [coding, compress] of Object.entries(codings)) {
    it(`with a provider's key, ${coding}: the model is replaced, and the body is sent uncompressed`, async () => {
      await start();
      assert.equal(await (await send(compress(Buffer.from(chatBody)), coding)).text(), '"groq"');
      const [request] = groq.requests;
      assert.equal(request?.body.toString(), chatBody.replace('acme/Model-7B', 'llama-7b-instant'));
      assert.doesNotMatch(request?.head ?? '', /content-encoding/i);
      assert.match(request?.head ?? '', new RegExp(`^content-length: ${request?.body.length}$`, 'im'));
    });

    it(`billed to Hugging Face, ${coding}: every byte arrives as it was sent`, async () => {
      await start({ profile: { kind: 'personal' } });
      const body = compress(Buffer.from(chatBody));
      assert.equal(await (await send(body, coding)).text(), '"router"');
      assert.deepEqual(router.requests[0]?.body, body);
      assert.match(router.requests[0]?.head ?? '', new RegExp(`^content-encoding: ${coding}$`, 'im'));
    });
  }

  it('billed to Hugging Face with a key that may stand in: every byte arrives as it was sent', async () => {
    await start({ failover: [{ kind: 'provider-key', provider: 'groq' }] });
    const body = zlib.gzipSync(chatBody);
    assert.equal(await (await send(body, 'gzip')).text(), '"router"');
    assert.deepEqual(router.requests[0]?.body, body);
    assert.match(router.requests[0]?.head ?? '', /^content-encoding: gzip$/im);
  });

  it("a caller's own token and other paths: as it was sent", async () => {
    await start();
    const body = Buffer.from('no gzip at all');
    const own = { authorization: 'Bearer hf_callersOwn' };
    assert.equal((await send(body, 'gzip', own)).status, 200);
    assert.deepEqual(router.requests[0]?.body, body);
    assert.equal((await send(body, 'gzip', withKey(), '/router/groq/openai/v1/x')).status, 200);
    assert.deepEqual(groq.requests[0]?.body, body);
  });

  it('a body of 2 MiB, compressed to more than what is kept otherwise', async () => {
    await start();
    const noise = Buffer.from(Array.from({ length: 2 << 20 }, (_, at) => (at * 2654435761) >>> 24)).toString(
      'base64',
    );
    const plain = `{"x":"${noise}","model":"acme/Model-7B"}`;
    assert.equal((await send(zlib.gzipSync(plain, { level: 0 }), 'gzip')).status, 200);
    assert.equal(groq.requests[0]?.body.toString(), plain.replace('acme/Model-7B', 'llama-7b-instant'));
  });

  it('identity is no compression', async () => {
    await start();
    assert.equal((await send(Buffer.from(chatBody), 'identity')).status, 200);
    assert.match(groq.requests[0]?.body.toString() ?? '', /llama-7b-instant/);
  });

  for (const [name, encoding, body] of [
    ['broken gzip', 'gzip', () => Buffer.from('{"model":"acme/Model-7B"}')],
    ['half of a gzip', 'gzip', () => zlib.gzipSync(chatBody).subarray(0, 40)],
    ['a coding that nobody knows', 'compress', () => Buffer.from(chatBody)],
    ['two codings', 'gzip, br', () => zlib.brotliCompressSync(zlib.gzipSync(chatBody))],
    ['more than 32 MiB of zeros', 'gzip', () => zlib.gzipSync(Buffer.alloc(40 << 20))],
  ] as const) {
    it(`the error names the compression: ${name}`, async () => {
      await start();
      const answer = await send(body(), encoding);
      assert.equal(answer.status, 415);
      assert.equal(answer.headers.get('accept-encoding'), 'gzip, deflate, br, zstd');
      const { code, message } = await errorOf(answer);
      assert.equal(code, 'body_compressed');
      assert.ok(message.includes(`the body is compressed (Content-Encoding: ${encoding})`), message);
      assert.equal(router.requests.length + groq.requests.length, 0);
    });
  }

  it('a readable body without a model is told so', async () => {
    await start();
    const { code } = await errorOf(await send(zlib.gzipSync('{"messages":[]}'), 'gzip'));
    assert.equal(code, 'model_missing');
  });

  it('a client that leaves while its body is decompressed leaves nothing behind', async () => {
    await start();
    const body = zlib.gzipSync(Buffer.alloc(30 << 20, 32));
    const client = await rawClient(gateway.port);
    const headers = [
      'Content-Type: application/json',
      'Content-Encoding: gzip',
      `Content-Length: ${body.length}`,
    ];
    client.socket.write(requestHead(gateway, 'POST /v1/chat/completions', headers));
    client.socket.write(body, () => client.socket.destroy());
    await client.ended();
    assert.equal((await send(zlib.gzipSync(chatBody), 'gzip')).status, 200);
    assert.equal(groq.requests.length, 1);
  });
});
