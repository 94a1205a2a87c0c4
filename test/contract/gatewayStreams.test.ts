import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { rawClient, requestHead } from './rawClient.ts';
import { type RawRequest, type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { gatewayTo, type TestGateway } from './testGateway.ts';

/** Mulberry32, so that every run has the same streams. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Parses a chunked body; fails when it is malformed. */
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

const events = [
  'data: {"choices":[{"delta":{"content":"Hé\\u0000"}}]}\n\n',
  ': keep-alive\n\n',
  'data: [DONE]\n\n',
  '\r\n',
  'data: {"usage":null}\n\n',
];

/** A body of random binary data (kind 0), events (1) or compressed events (2). */
function randomBody(random: () => number, kind: number): Buffer {
  const size = Math.floor(random() ** 3 * 60_000) + 1;
  if (kind === 0) return Buffer.from(Uint8Array.from({ length: size }, () => random() * 256));
  let text = '';
  while (text.length < size) text += events[Math.floor(random() * events.length)];
  return kind === 1 ? Buffer.from(text) : gzipSync(text);
}

/** Parts of 1 to 9,000 bytes, many of them tiny. */
function cut(body: Buffer, random: () => number): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const size = random() < 0.3 ? 1 + Math.floor(random() * 4) : 1 + Math.floor(random() * 9_000);
    parts.push(body.subarray(at, at + size));
    at += size;
  }
  return parts;
}

describe('gateway, streams:', () => {
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

  const post = (length: number) =>
    requestHead(gateway, 'POST /v1/chat/completions', [
      `Content-Length: ${length}`,
      'Content-Type: application/json',
    ]);

  it('1,000 streams (events, binary, compressed) arrive byte for byte, however they are split', async () => {
    const random = seeded(20261122);
    const client = await rawClient(gateway.port);
    for (let stream = 0; stream < 1000; stream++) {
      const kind = stream % 3;
      const body = randomBody(random, kind);
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
          // half of the parts wait for a turn of the event loop
          if (random() < 0.5) socket.write(part, () => setImmediate(next));
          else {
            socket.write(part);
            next();
          }
        };
        next();
      };
      const before = client.received().length;
      client.write(post(2));
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
    assert.ok(upstream.connections.length <= 3, 'the gateway reuses its connections to upstream');
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
    client.write(post(0));
    // headers arrive before the first event
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
    client.write(post(0));
    await client.until('"prompt_tokens":1}}');
    assert.equal(pieces.length, 1);
    client.socket.destroy();
  });
});
