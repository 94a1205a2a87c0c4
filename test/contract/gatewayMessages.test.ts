import assert from 'node:assert/strict';
import { rawClient, requestHead, sendRaw } from './rawClient.ts';
import { type RawRequest, type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { configTo, gatewayTo, type TestGateway } from './testGateway.ts';

const acme = { kind: 'organization', name: 'acme' } as const;
const groqKey = { kind: 'provider-key', provider: 'groq' } as const;

describe('gateway, unchanged messages:', () => {
  let answer: (request: RawRequest) => void;
  let upstream: RawUpstream;
  let gateway: TestGateway;

  before(async () => {
    upstream = await rawUpstream(request => answer(request));
    gateway = await gatewayTo(upstream.url);
  });
  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  const post = (headers: readonly string[], path = '/v1/chat/completions') =>
    requestHead(gateway, `POST ${path}`, headers);

  it('status, reason phrase and headers of a response are kept, except cookies and hop-by-hop headers', async () => {
    answer = ({ socket }) =>
      socket.write(
        'HTTP/1.1 418 I am a Teapot\r\nX-Inference-Provider: groq\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Latin: \xe9\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=9\r\nRetry-After: 30\r\nDate: Tue, 10 Nov 2026 12:00:00 GMT\r\nContent-Length: 2\r\n\r\nhi',
        'latin1',
      );
    const text = await sendRaw(gateway.port, post(['Content-Length: 0', 'Connection: close']));
    const [head = ''] = text.split('\r\n\r\n');
    assert.deepEqual(head.split('\r\n'), [
      'HTTP/1.1 418 I am a Teapot',
      'X-Inference-Provider: groq',
      'X-Latin: \xe9',
      'Retry-After: 30',
      'Date: Tue, 10 Nov 2026 12:00:00 GMT',
      'Content-Length: 2',
      'x-headroom-billed-to: personal',
      'Connection: close',
    ]);
  });

  it('headers and body of a request are kept, except the key, X-HF-Bill-To and hop-by-hop headers', async () => {
    answer = ({ socket }) => socket.write(response(200));
    const body = '{"model": "a/b",\r\n "x": "\\u00e9\xc3\xa9" }';
    await sendRaw(
      gateway.port,
      post(
        [
          'X-Twice: 1',
          'X-Twice: 2',
          'X-Latin: \xe9',
          'Accept-Encoding: gzip;q=0.5',
          'Content-Type: application/json; charset=utf-8',
          'X-HF-Bill-To: globex',
          'X-Hop: 1',
          'Cookie: a=1',
          'TE: trailers',
          'Keep-Alive: timeout=5',
          'Proxy-Authorization: Basic eA==',
          'Connection: close, X-Hop',
          `Content-Length: ${body.length}`,
        ],
        '/v1/chat/completions?x=%20/../&y',
      ) + body,
    );
    const request = upstream.requests.at(-1)!;
    assert.deepEqual(request.head.split('\r\n'), [
      'POST /v1/chat/completions?x=%20/../&y HTTP/1.1',
      `host: 127.0.0.1:${upstream.port}`,
      'connection: keep-alive',
      'X-Twice: 1',
      'X-Twice: 2',
      'X-Latin: \xe9',
      'Accept-Encoding: gzip;q=0.5',
      'Content-Type: application/json; charset=utf-8',
      'authorization: Bearer hf_developers',
      'x-hf-session-id: session-of-the-window',
      `content-length: ${body.length}`,
    ]);
    assert.equal(request.body.toString('latin1'), body);
  });

  it("the client's own X-HF-Session-id is kept", async () => {
    answer = ({ socket }) => socket.write(response(200));
    await sendRaw(gateway.port, post(['X-HF-Session-Id: mine', 'Content-Length: 0', 'Connection: close']));
    assert.deepEqual(upstream.requests.at(-1)!.head.match(/session-id: .*$/gim), ['Session-Id: mine']);
  });

  for (const [name, path, line, config, session] of [
    ["the user's token at the router", '/v1/models', undefined, {}, 'session-of-the-window'],
    ["the user's token at the Hub", '/hub/api/models', undefined, {}, undefined],
    ["a caller's own token", '/v1/models', 'Bearer hf_callersOwn', {}, undefined],
    [
      "a caller's own token, with an organization",
      '/v1/models',
      'Bearer hf_callersOwn',
      { profile: acme },
      undefined,
    ],
    ['no token', '/v1/models', undefined, { token: undefined }, undefined],
    [
      "a provider's key",
      '/router/groq/x',
      undefined,
      { profile: groqKey, keys: { groq: 'gsk_1' } },
      undefined,
    ],
  ] as const) {
    it(`the window's X-HF-Session-id with ${name}: ${session}`, async () => {
      answer = ({ socket }) => socket.write(response(200));
      gateway.configure(configTo(upstream.url, { ...config, providerUrls: { groq: upstream.url } }));
      const authorization = line ?? `Bearer ${gateway.key}`;
      await fetch(gateway.url + path, { headers: { authorization } });
      const sent = /^x-hf-session-id: (.*)$/im.exec(upstream.requests.at(-1)?.head ?? '')?.[1];
      assert.equal(sent, session);
      gateway.configure(configTo(upstream.url));
    });
  }

  it("a provider that is asked with a key gets no header of Hugging Face's", async () => {
    answer = ({ socket }) => socket.write(response(200));
    const config = { profile: groqKey, keys: { groq: 'gsk_1' }, providerUrls: { groq: upstream.url } };
    gateway.configure(configTo(upstream.url, config));
    await fetch(`${gateway.url}/router/groq/x`, {
      headers: {
        authorization: `Bearer ${gateway.key}`,
        'x-hf-session-id': 'mine',
        'X-HF-Other': 'a',
        'x-a': 'b',
      },
    });
    const { head } = upstream.requests.at(-1)!;
    assert.doesNotMatch(head, /^x-hf-/im);
    assert.match(head, /^x-a: b\r?$/m);
    gateway.configure(configTo(upstream.url));
  });

  it('trailers of a response are kept', async () => {
    answer = ({ socket }) =>
      socket.write(
        'HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: abc\r\n\r\n',
      );
    const client = await rawClient(gateway.port);
    client.write(post(['Content-Length: 0']));
    const all = await client.until('X-Sum: abc\r\n\r\n');
    assert.match(all.toString(), /^Trailer: X-Sum\r$/m);
    assert.match(all.toString(), /2\r\nhi\r\n0\r\nX-Sum: abc\r\n\r\n$/);
    client.socket.destroy();
  });

  it('HEAD: only headers are sent, and the connection stays open', async () => {
    answer = ({ socket, head }) =>
      socket.write(
        head.startsWith('HEAD') ? 'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n' : response(200, '"next"'),
      );
    const client = await rawClient(gateway.port);
    client.write(requestHead(gateway, 'HEAD /v1/models'));
    assert.match((await client.until('\r\n\r\n')).toString(), /^Content-Length: 5000\r$/m);
    client.write(requestHead(gateway, 'GET /v1/models'));
    await client.until('"next"');
    assert.ok(client.received().toString().endsWith('\r\n\r\n"next"'));
    client.socket.destroy();
  });

  it('204 and 304 have no body', async () => {
    for (const status of [204, 304]) {
      answer = ({ socket }) => socket.write(`HTTP/1.1 ${status} X\r\nETag: "a"\r\n\r\n`);
      const text = await sendRaw(gateway.port, post(['Content-Length: 0', 'Connection: close']));
      assert.match(text, new RegExp(`^HTTP/1.1 ${status} X\r\nETag: "a"\r\n(.*\r\n)*\r\n$`));
    }
  });

  it('100 Continue is sent only after admission', async () => {
    answer = ({ socket }) => socket.write(response(200));
    const before = upstream.requests.length;
    const client = await rawClient(gateway.port);
    client.write(post(['Expect: 100-continue', 'Content-Length: 4', 'Connection: close']));
    await client.until('HTTP/1.1 100 Continue\r\n\r\n');
    client.write('body');
    assert.match((await client.ended()).toString(), /\r\n\r\nHTTP\/1.1 200 /);
    assert.equal(upstream.requests.at(-1)!.body.toString(), 'body');
    assert.doesNotMatch(upstream.requests.at(-1)!.head, /expect/i);
    const refused = await sendRaw(
      gateway.port,
      post(['Expect: 100-continue', 'Content-Length: 4']).replace(gateway.key, 'hf_headroom_wrong'),
    );
    assert.match(refused, /^HTTP\/1.1 401 /);
    assert.equal(upstream.requests.length, before + 1);
  });

  it('a chunked upload is forwarded chunk by chunk', async () => {
    let arrived = '';
    const firstChunk = Promise.withResolvers<void>();
    answer = ({ socket, body }) => {
      arrived = body.toString();
      socket.write(response(200));
    };
    const client = await rawClient(gateway.port);
    client.write(post(['Transfer-Encoding: chunked', 'Content-Type: audio/wav', 'Connection: close']));
    client.write('3\r\nabc\r\n');
    upstream.onData = data => data.includes('abc') && firstChunk.resolve();
    // the first chunk arrives before the second is sent
    await firstChunk.promise;
    client.write('4;ext=1\r\ndefg\r\n0\r\nX-Trailer: 1\r\n\r\n');
    assert.match((await client.ended()).toString(), /^HTTP\/1.1 200 /);
    assert.match(upstream.requests.at(-1)!.head, /^transfer-encoding: chunked$/m);
    assert.equal(arrived.replace(/\r\n|^\d+|(?<=\n)\d/g, '').replaceAll('0', ''), 'abcdefg');
  });

  it('connections are kept alive on both sides', async () => {
    answer = ({ socket, index }) => socket.write(response(200, `"${index}"`));
    const before = upstream.connections.length;
    const client = await rawClient(gateway.port);
    for (let at = 0; at < 5; at++) {
      const seen = client.received().length;
      client.write(post(['Content-Length: 0']));
      await client.until(received => received.subarray(seen).includes('\r\n\r\n"'));
    }
    assert.ok(upstream.connections.length - before <= 1);
    client.socket.destroy();
  });

  it('pipelined requests are answered in order', async () => {
    const second = Promise.withResolvers<void>();
    answer = async ({ socket, head }) => {
      if (head.includes('x=2')) socket.write(response(200, '"second"'), () => second.resolve());
      else {
        await second.promise;
        socket.write(response(200, '"first"'));
      }
    };
    const text = await sendRaw(
      gateway.port,
      post(['Content-Length: 0'], '/v1/a?x=1') +
        post(['Content-Length: 0', 'Connection: close'], '/v1/a?x=2'),
    );
    assert.ok(text.indexOf('"first"') < text.indexOf('"second"') && text.includes('"first"'));
  });
});
