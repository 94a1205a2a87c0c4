import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { rawClient, requestHead, sendRaw } from './rawClient.ts';
import { type RawRequest, type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { gatewayTo, key, type TestGateway } from './testGateway.ts';

/** Mulberry32: the same streams in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The body of a chunked response, taken apart; fails on anything that is not well formed. */
function dechunk(bytes: Buffer): { readonly chunks: Buffer[]; readonly trailers: string } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const line = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    if (size === 0) return { chunks, trailers: bytes.toString('latin1', line + 2, bytes.length - 2) };
    chunks.push(bytes.subarray(line + 2, line + 2 + size));
    assert.equal(bytes.toString('latin1', line + 2 + size, line + 4 + size), '\r\n');
    at = line + 4 + size;
  }
}

function bodyOf(bytes: Buffer): Buffer {
  return bytes.subarray(bytes.indexOf('\r\n\r\n') + 4);
}

function chunked(parts: readonly Buffer[]): Buffer[] {
  return parts.map(part =>
    Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]),
  );
}

function post(gateway: TestGateway, headers: readonly string[] = [], path = '/v1/chat/completions'): string {
  return requestHead(gateway, `POST ${path}`, headers);
}

describe('gateway, unchanged bytes:', () => {
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

  const events = [
    'data: {"choices":[{"delta":{"content":"Hé\\u0000"}}]}\n\n',
    ': keep-alive\n\n',
    'data: [DONE]\n\n',
    '\r\n',
    'data: {"usage":null}\n\n',
  ];

  function recorded(random: () => number, kind: number): Buffer {
    const size = Math.floor(random() ** 3 * 60_000) + 1;
    if (kind === 0) return Buffer.from(Uint8Array.from({ length: size }, () => random() * 256));
    let text = '';
    while (text.length < size) text += events[Math.floor(random() * events.length)];
    return kind === 1 ? Buffer.from(text) : gzipSync(text);
  }

  function cut(body: Buffer, random: () => number): Buffer[] {
    const parts: Buffer[] = [];
    for (let at = 0; at < body.length; ) {
      const size = random() < 0.3 ? 1 + Math.floor(random() * 4) : 1 + Math.floor(random() * 9_000);
      parts.push(body.subarray(at, at + size));
      at += size;
    }
    return parts;
  }

  it('1,000 streams (events, binary, compressed) arrive byte for byte, however they are split', async () => {
    const random = seeded(20261122);
    const client = await rawClient(gateway.port);
    for (let stream = 0; stream < 1000; stream++) {
      const kind = stream % 3;
      const body = recorded(random, kind);
      const parts = cut(body, random);
      const framed = stream % 2 === 0;
      const head = [
        'HTTP/1.1 200 OK',
        `Content-Type: ${kind === 0 ? 'image/png' : 'text/event-stream'}`,
        ...(kind === 2 ? ['Content-Encoding: gzip'] : []),
        framed ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`,
      ];
      answer = ({ socket }) => {
        socket.write(`${head.join('\r\n')}\r\n\r\n`);
        const writes = framed ? [...chunked(parts), Buffer.from('0\r\n\r\n')] : parts;
        const next = (): void => {
          const part = writes.shift();
          if (part === undefined) return;
          // some arrive together, some apart
          if (random() < 0.5) socket.write(part, () => setImmediate(next));
          else {
            socket.write(part);
            next();
          }
        };
        next();
      };
      const before = client.received().length;
      client.write(post(gateway, ['Content-Length: 2', 'Content-Type: application/json']));
      client.write('{}');
      const all = await client.until(received => {
        const own = received.subarray(before);
        const headEnd = own.indexOf('\r\n\r\n');
        if (headEnd < 0) return false;
        return framed
          ? own.subarray(-5).equals(Buffer.from('0\r\n\r\n'))
          : own.length >= headEnd + 4 + body.length;
      });
      const own = all.subarray(before);
      const arrived = framed ? Buffer.concat(dechunk(bodyOf(own)).chunks) : bodyOf(own);
      assert.ok(arrived.equals(body), `stream ${stream} differs`);
      client.forget();
    }
    client.socket.destroy();
    assert.ok(upstream.connections.length <= 3, 'connections upstream are used again');
  }).timeout(60_000);

  it('each chunk arrives, as one chunk, before the next is sent', async () => {
    const parts = Array.from({ length: 200 }, (_, at) => Buffer.from(`data: {"at":${at}}\n\n`));
    let send: (part: Buffer) => void = () => {};
    answer = ({ socket }) => {
      send = part => socket.write(part);
      socket.write(
        'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n',
      );
    };
    const client = await rawClient(gateway.port);
    client.write(post(gateway, ['Content-Length: 0']));
    // the headers come by themselves
    await client.until('\r\n\r\n');
    for (const part of parts) {
      send(chunked([part])[0]!);
      await client.until(part.toString());
    }
    send(Buffer.from('0\r\n\r\n'));
    const { chunks } = dechunk(bodyOf(await client.until('\r\n0\r\n\r\n')));
    assert.deepEqual(chunks.map(String), parts.map(String));
    client.socket.destroy();
  });

  it('a small response is sent in one packet', async () => {
    answer = ({ socket }) => socket.write(response(200, '{"usage":{"prompt_tokens":1}}'));
    const client = await rawClient(gateway.port);
    const pieces: Buffer[] = [];
    client.socket.on('data', piece => pieces.push(piece));
    client.write(post(gateway, ['Content-Length: 0']));
    await client.until('"prompt_tokens":1}}');
    assert.equal(pieces.length, 1);
    client.socket.destroy();
  });

  it('status, reason phrase and headers of a response are kept, except cookies and hop-by-hop headers', async () => {
    answer = ({ socket }) =>
      socket.write(
        'HTTP/1.1 418 I am a Teapot\r\nX-Inference-Provider: groq\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Latin: \xe9\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=9\r\nRetry-After: 30\r\nDate: Tue, 10 Nov 2026 12:00:00 GMT\r\nContent-Length: 2\r\n\r\nhi',
        'latin1',
      );
    const text = await sendRaw(gateway.port, post(gateway, ['Content-Length: 0', 'Connection: close']));
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
        gateway,
        [
          'X-Twice: 1',
          'X-Twice: 2',
          'X-Latin: \xe9',
          'Accept-Encoding: gzip;q=0.5',
          'Content-Type: application/json; charset=utf-8',
          'X-HF-Bill-To: somebody-else',
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
    await sendRaw(
      gateway.port,
      post(gateway, ['X-HF-Session-Id: mine', 'Content-Length: 0', 'Connection: close']),
    );
    assert.deepEqual(upstream.requests.at(-1)!.head.match(/session-id: .*$/gim), ['Session-Id: mine']);
  });

  it('trailers of a response are kept', async () => {
    answer = ({ socket }) =>
      socket.write(
        'HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: abc\r\n\r\n',
      );
    const client = await rawClient(gateway.port);
    client.write(post(gateway, ['Content-Length: 0']));
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
      const text = await sendRaw(gateway.port, post(gateway, ['Content-Length: 0', 'Connection: close']));
      assert.match(text, new RegExp(`^HTTP/1.1 ${status} X\r\nETag: "a"\r\n(.*\r\n)*\r\n$`));
    }
  });

  it('100 Continue is sent only after admission', async () => {
    answer = ({ socket }) => socket.write(response(200));
    const before = upstream.requests.length;
    const client = await rawClient(gateway.port);
    client.write(post(gateway, ['Expect: 100-continue', 'Content-Length: 4', 'Connection: close']));
    await client.until('HTTP/1.1 100 Continue\r\n\r\n');
    client.write('body');
    assert.match((await client.ended()).toString(), /\r\n\r\nHTTP\/1.1 200 /);
    assert.equal(upstream.requests.at(-1)!.body.toString(), 'body');
    assert.doesNotMatch(upstream.requests.at(-1)!.head, /expect/i);
    const refused = await sendRaw(
      gateway.port,
      post(gateway, ['Expect: 100-continue', 'Content-Length: 4']).replace(key, 'hf_headroom_wrong'),
    );
    assert.match(refused, /^HTTP\/1.1 401 /);
    assert.equal(upstream.requests.length, before + 1);
  });

  it('a chunked upload is forwarded chunk by chunk', async () => {
    let arrived = '';
    let tell = () => {};
    const socketOf = new Promise<void>(resolve => (tell = resolve));
    answer = ({ socket, body }) => {
      arrived = body.toString();
      socket.write(response(200));
    };
    const client = await rawClient(gateway.port);
    client.write(
      post(gateway, ['Transfer-Encoding: chunked', 'Content-Type: audio/wav', 'Connection: close']),
    );
    client.write('3\r\nabc\r\n');
    upstream.onData = data => data.includes('abc') && tell();
    // the first part is there before the second one is sent
    await socketOf;
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
      client.write(post(gateway, ['Content-Length: 0']));
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
      post(gateway, ['Content-Length: 0'], '/v1/a?x=1') +
        post(gateway, ['Content-Length: 0', 'Connection: close'], '/v1/a?x=2'),
    );
    assert.ok(text.indexOf('"first"') < text.indexOf('"second"') && text.includes('"first"'));
  });
});
