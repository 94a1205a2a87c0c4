import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { gatewayChildren, token } from './gatewayChild.ts';
import { rawClient, requestHead, stalled } from './rawClient.ts';
import { chunk, type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { chat, configTo, gatewayTo, type TestGateway } from './testGateway.ts';

const miB = 1024 * 1024;
const line = 'POST /router/hf-inference/models/acme/asr';

/** A server that counts the bytes of uploads and keeps none. */
interface Sink {
  readonly url: string;
  received: number;
  close(): void;
}

async function startSink(): Promise<Sink> {
  const sockets: Socket[] = [];
  const server = createServer(socket => {
    sockets.push(socket);
    let left: number | undefined;
    let tail = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', data => {
      sink.received += data.length;
      if (left === undefined) {
        const head = data.toString('latin1', 0, data.indexOf('\r\n\r\n'));
        left = head.length + 4 + Number(/content-length: *(\d+)/i.exec(head)?.[1]);
      }
      left -= data.length;
      tail = Buffer.concat([tail, data.subarray(-100)]).subarray(-100);
      if (left !== 0 && !tail.includes('\r\n0\r\n\r\n')) return;
      left = undefined;
      tail = Buffer.alloc(0);
      socket.write(response(200, '"complete"'));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const sink: Sink = {
    url: `http://127.0.0.1:${port}`,
    received: 0,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  return sink;
}

/** Uploads as fast as the gateway reads, and resolves after the response. */
async function upload(
  gateway: { readonly port: number; readonly key: string },
  bytes: number,
  { inChunks = false, atHalf = async () => {} } = {},
): Promise<void> {
  const client = await rawClient(gateway.port);
  const framing = inChunks ? 'Transfer-Encoding: chunked' : `Content-Length: ${bytes}`;
  client.write(requestHead(gateway, line, ['Content-Type: audio/wav', framing]));
  const part = Buffer.alloc(miB, 'x');
  const framed = inChunks ? Buffer.from(chunk(part.toString())) : part;
  for (let sent = 0; sent < bytes; sent += part.length) {
    if (!client.socket.write(framed)) await once(client.socket, 'drain');
    if (sent === bytes / 2) await atHalf();
  }
  if (inChunks) client.write('0\r\n\r\n');
  const answer = (await client.until('"complete"')).toString('latin1');
  assert.match(answer, /^HTTP\/1\.1 200 [\s\S]*"complete"$/);
  client.socket.destroy();
}

interface Memory {
  readonly arrayBuffers: number;
  readonly heapUsed: number;
  readonly peak: number;
}

/** Of a process of gatewayMemory.ts, in bytes. */
async function memoryOf(child: ChildProcess): Promise<Memory> {
  child.send('memory');
  const [memory] = (await once(child, 'message')) as [Memory];
  return memory;
}

function residentBytes(pid: number): number {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}

describe('gateway, large bodies:', () => {
  describe('memory:', () => {
    let sink: Sink;
    beforeEach(async () => {
      sink = await startSink();
    });
    afterEach(() => sink.close());

    for (const inChunks of [false, true]) {
      it(`an upload of 100 MB takes constant memory${inChunks ? ', chunked' : ''}`, async () => {
        const child = fork(new URL('gatewayMemory.ts', import.meta.url), [sink.url], {
          execArgv: ['--expose-gc'],
        });
        try {
          const [gateway] = (await once(child, 'message')) as [{ port: number; key: string }];
          await upload(gateway, 8 * miB, { inChunks });
          const before = await memoryOf(child);
          let during = before;
          const atHalf = async () => {
            during = await memoryOf(child);
          };
          await upload(gateway, 100 * miB, { inChunks, atHalf });
          const after = await memoryOf(child);
          assert.ok(sink.received > 108 * miB);
          for (const [name, usage] of Object.entries({ during, after })) {
            const grown = usage.arrayBuffers + usage.heapUsed - before.arrayBuffers - before.heapUsed;
            assert.ok(grown < 10 * miB, `${name}: ${grown} bytes more`);
          }
          const peak = Math.max(during.peak, after.peak) - before.arrayBuffers;
          assert.ok(peak < 10 * miB, `${peak} bytes more at the peak, garbage included`);
        } finally {
          child.kill();
        }
      }).timeout(60_000);
    }

    it('an upload of 2 GB takes constant memory in the shipped process', async function () {
      if (process.platform !== 'linux') this.skip();
      const children = gatewayChildren();
      const gateway = await children.fork({}, configTo(sink.url, { token }));
      await upload(gateway, 128 * miB);
      const before = residentBytes(gateway.pid);
      let peak = before;
      const measure = () => {
        peak = Math.max(peak, residentBytes(gateway.pid));
      };
      const timer = setInterval(measure, 50);
      const total = 2048 * miB;
      sink.received = 0;
      await upload(gateway, total);
      clearInterval(timer);
      assert.ok(sink.received >= total && sink.received < total + 4096, String(sink.received));
      measure();
      assert.ok(peak - before < 20 * miB, `${Math.round((peak - before) / miB)} MiB more`);
      assert.equal(await gateway.end(), 0);
      await children.clean();
    }).timeout(120_000);
  });

  describe('back-pressure:', () => {
    let upstream: RawUpstream;
    let gateway: TestGateway;
    let answer: (socket: Socket) => void;

    beforeEach(async () => {
      upstream = await rawUpstream(({ socket }) => answer(socket));
      gateway = await gatewayTo(upstream.url);
    });
    afterEach(async () => {
      await gateway.stop();
      await upstream.close();
    });

    it('a client that stops reading stops upstream, and gets every byte once it reads again', async () => {
      const size = 100 * miB;
      let source: Socket | undefined;
      answer = socket => {
        source = socket;
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
        const part = Buffer.alloc(miB, 'y');
        for (let sent = 0; sent < size; sent += part.length) socket.write(part);
      };
      const client = await rawClient(gateway.port);
      client.write(requestHead(gateway, line, ['Content-Length: 0']));
      const head = await client.until('\r\n\r\n');
      client.socket.pause();
      let read = client.received().length - head.indexOf('\r\n\r\n') - 4;
      await stalled(source as Socket);
      assert.ok((source as Socket).writableLength > 50 * miB, 'the gateway buffers the body');
      client.socket.removeAllListeners('data');
      const everything = new Promise<void>(resolve => {
        client.socket.on('data', data => {
          read += data.length;
          if (read >= size) resolve();
        });
      });
      client.socket.resume();
      await everything;
      assert.equal(read, size);
      client.socket.destroy();
    }).timeout(60_000);

    it('a server that does not read stops the upload', async () => {
      upstream.onData = () => {
        for (const socket of upstream.connections) socket.pause();
      };
      const client = await rawClient(gateway.port);
      client.write(requestHead(gateway, line, ['Content-Type: audio/wav', `Content-Length: ${100 * miB}`]));
      const part = Buffer.alloc(miB);
      for (let sent = 0; sent < 100; sent++) client.socket.write(part);
      await stalled(client.socket);
      assert.ok(client.socket.writableLength > 50 * miB, 'the gateway buffers the body');
      client.socket.destroy();
    }).timeout(60_000);

    it('JSON of more than 1 MiB arrives unchanged, and its model is known', async () => {
      answer = socket => socket.write(response(200, '{"usage":{"prompt_tokens":1,"completion_tokens":1}}'));
      const body = JSON.stringify({ model: 'acme/Model-7B:groq', messages: ['é'.repeat(2 * miB)] });
      const answered = await chat(gateway, body);
      assert.equal(answered.status, 200);
      assert.equal(upstream.requests[0]?.body.toString(), body);
      assert.match(await answered.text(), /usage/);
      await gateway.close(0);
      assert.equal(gateway.tallies[0]?.model, 'acme/Model-7B');
      assert.equal(gateway.tallies[0]?.promptTokens, 1);
    });
  });
});
