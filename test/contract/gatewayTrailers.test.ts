import assert from 'node:assert/strict';
import { createDispatcher } from '../../src/hub/dispatcher.ts';
import { gatewayTo } from './testGateway.ts';
import { chunk, headOf, json, sound, trailersRig } from './trailersRig.ts';

const miB = 1024 * 1024;

describe("trailers behind a request's body", () => {
  const rig = trailersRig();

  it('go on behind a small JSON body, which is kept', async () => {
    const client = await rig.begin([json, 'Trailer: X-Checksum, X-Signed-By', 'TE: trailers']);
    client.write(
      `${chunk('{"model":')}${chunk('"a/b"}')}0\r\nX-Checksum: abc=\r\nx-signed-by: \xe9va\r\n\r\n`,
    );
    await client.until('\r\n\r\n{}');
    assert.deepEqual(rig.headers(), [
      'POST /v1/chat/completions HTTP/1.1',
      `host: 127.0.0.1:${rig.upstream.port}`,
      'connection: keep-alive',
      json,
      'authorization: Bearer hf_developers',
      'x-hf-session-id: session-of-the-window',
      'trailer: X-Checksum, X-Signed-By',
      'transfer-encoding: chunked',
    ]);
    assert.equal(
      rig.body(),
      `${chunk('{"model":"a/b"}')}0\r\nX-Checksum: abc=\r\nx-signed-by: \xe9va\r\n\r\n`,
    );
  });

  it('go on behind a body that streams, whose parts do not wait for them', async () => {
    const client = await rig.begin([sound, 'Trailer: X-Checksum'], 'POST /router/groq/x');
    for (const part of ['abc', 'defg']) {
      const there = rig.arrived(chunk(part));
      client.write(chunk(part));
      await there;
    }
    client.write('0;last\r\nX-Checksum: abc\r\n\r\n');
    await client.until('\r\n\r\n{}');
    assert.deepEqual(rig.headers().slice(-2), ['trailer: X-Checksum', 'transfer-encoding: chunked']);
    assert.equal(rig.body(), `${chunk('abc')}${chunk('defg')}0\r\nX-Checksum: abc\r\n\r\n`);
  });

  it('go on behind JSON that is too large to be kept', async () => {
    const text = JSON.stringify({ model: 'a/b', messages: ['x'.repeat(2 * miB)] });
    const client = await rig.begin([json, 'Trailer: X-Checksum']);
    client.write(`${chunk(text)}0\r\nX-Checksum: abc\r\n\r\n`);
    await client.until('\r\n\r\n{}');
    const [chunks = '', trailers] = rig.body()?.split('\r\n0\r\n') ?? [];
    assert.equal(chunks.replace(/(?:^|\r\n)[0-9a-f]+\r\n/g, ''), text);
    assert.equal(trailers, 'X-Checksum: abc\r\n\r\n');
  });

  it('go on behind an empty body', async () => {
    for (const type of [json, sound]) {
      const client = await rig.begin([type, 'Trailer: X-Checksum']);
      client.write('0\r\nX-Checksum: abc\r\n\r\n');
      await client.until('\r\n\r\n{}');
      assert.equal(rig.body(), '0\r\nX-Checksum: abc\r\n\r\n', type);
    }
  });

  it('go on in their order, each as often as it came, of those that were announced in any line', async () => {
    const trailers = 'X-B: 1\r\nX-A: 2\r\nX-B:\r\n';
    const client = await rig.begin([json, 'Trailer: x-a,', 'X-Other: 1', 'Trailer: X-B']);
    client.write(`${chunk('{}')}0\r\n${trailers}\r\n`);
    await client.until('\r\n\r\n{}');
    assert.ok(rig.headers().includes('trailer: x-a, X-B'));
    assert.equal(rig.body(), `${chunk('{}')}0\r\nX-B: 1\r\nX-A: 2\r\nX-B: \r\n\r\n`);
  });

  it('go on in any number', async () => {
    const names = Array.from({ length: 100 }, (_, at) => `X-${at}`);
    const client = await rig.begin([json, `Trailer: ${names.join(', ')}`]);
    const trailers = names.map(name => `${name}: of ${name}\r\n`).join('');
    client.write(`${chunk('{}')}0\r\n${trailers}\r\n`);
    await client.until('\r\n\r\n{}');
    assert.equal(rig.body(), `${chunk('{}')}0\r\n${trailers}\r\n`);
  });

  it('may be announced and not come', async () => {
    for (const type of [json, sound]) {
      const client = await rig.begin([type, 'Trailer: X-Checksum']);
      client.write(`${chunk('{}')}0\r\n\r\n`);
      await client.until('\r\n\r\n{}');
      assert.equal(rig.body(), `${chunk('{}')}0\r\n\r\n`);
    }
  });

  it('are dropped where they were not announced', async () => {
    for (const type of [json, sound]) {
      const client = await rig.begin([type, 'Trailer: X-Checksum']);
      client.write(`${chunk('{}')}0\r\nX-Other: 1\r\nX-Checksum: abc\r\n\r\n`);
      await client.until('\r\n\r\n{}');
      assert.equal(rig.body(), `${chunk('{}')}0\r\nX-Checksum: abc\r\n\r\n`);
    }
    const client = await rig.begin([json]);
    client.write(`${chunk('{}')}0\r\nX-Checksum: abc\r\n\r\n`);
    await client.until('\r\n\r\n{}');
    assert.doesNotMatch(rig.headers().join('\n'), /trailer|chunked/);
    assert.equal(rig.body(), '{}');
  });

  it('are not expected behind a body with a length', async () => {
    const client = await rig.client();
    const head = headOf(rig.gateway, [json, 'Trailer: X-Checksum']).replace(
      'Transfer-Encoding: chunked',
      'Content-Length: 2',
    );
    client.write(`${head}{}`);
    await client.until('\r\n\r\n{}');
    assert.doesNotMatch(rig.headers().join('\n'), /trailer|chunked/);
    assert.equal(rig.body(), '{}');
  });

  const neverTrailers = [
    'Host',
    'Connection',
    'Upgrade',
    'Keep-Alive',
    'TE',
    'Trailer',
    'Expect',
    'Authorization',
    'Proxy-Authorization',
    'Cookie',
    'X-API-Key',
    'X-HF-Bill-To',
    'X-HF-Session-Id',
    'Origin',
    'Content-Type',
    'Content-Encoding',
    'Content-Range',
    'Range',
    'If-None-Match',
    'Cache-Control',
    'Max-Forwards',
    'X-Hop',
  ];
  for (const type of [json, sound]) {
    it(`are dropped where they have to be headers, or are ours to set (${type})`, async () => {
      for (const name of neverTrailers) {
        const client = await rig.begin([type, 'Connection: X-Hop', `Trailer: ${name.toLowerCase()}, X-Good`]);
        client.write(`${chunk('{}')}0\r\n${name}: 7\r\nX-Good: 1\r\n\r\n`);
        await client.until('\r\n\r\n{}');
        assert.ok(rig.headers().includes('trailer: X-Good'), name);
        assert.equal(rig.body(), `${chunk('{}')}0\r\nX-Good: 1\r\n\r\n`, name);
        const alone = await rig.begin([type, 'Connection: X-Hop', `Trailer: ${name}`]);
        alone.write(`${chunk('{}')}0\r\n${name}: 7\r\n\r\n`);
        await alone.until('\r\n\r\n{}');
        assert.doesNotMatch(rig.headers().join('\n'), /^trailer/m);
        assert.doesNotMatch(rig.body() ?? '', /7/);
      }
    });

    it(`are refused where they would say where the body ends (${type})`, async () => {
      for (const name of ['Content-Length', 'Transfer-Encoding']) {
        const client = await rig.begin([type, `Trailer: ${name}, X-Good`]);
        client.write(`${chunk('{}')}0\r\n${name}: 7\r\nX-Good: 1\r\n\r\n`);
        assert.match((await client.ended()).toString(), /^HTTP\/1\.1 400 /);
        assert.equal(rig.upstream.requests.length, 0);
      }
    });
  }

  it('are not announced by names that are none', async () => {
    const client = await rig.begin([json, 'Trailer: a b, "c", X-Good;q=1, , X-Good']);
    client.write(`${chunk('{}')}0\r\nX-Good: 1\r\n\r\n`);
    await client.until('\r\n\r\n{}');
    assert.ok(rig.headers().includes('trailer: X-Good'));
    assert.equal(rig.body(), `${chunk('{}')}0\r\nX-Good: 1\r\n\r\n`);
  });

  it("follow a body with the provider's name of the model", async () => {
    const providerUrls = { groq: rig.upstream.url };
    const paid = await gatewayTo(rig.upstream.url, {
      dispatcher: createDispatcher({}),
      config: { profile: { kind: 'provider-key', provider: 'groq' }, keys: { groq: 'gsk_1' }, providerUrls },
      models: { find: async () => 'of-groq' },
    });
    const client = await rig.client(paid.port);
    client.write(headOf(paid, [json, 'Trailer: X-Checksum']));
    client.write(`${chunk('{"model":"a/b"}')}0\r\nX-Checksum: abc\r\n\r\n`);
    await client.until('\r\n\r\n{}');
    assert.equal(rig.body(), `${chunk('{"model":"of-groq"}')}0\r\nX-Checksum: abc\r\n\r\n`);
    await paid.stop();
  });
});
