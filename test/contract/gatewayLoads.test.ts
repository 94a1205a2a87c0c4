import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { rawClient, requestHead } from './rawClient.ts';
import { type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { gatewayTo, type TestGateway, withKey } from './testGateway.ts';

const miB = 1024 * 1024;

function post(port: number, headers: readonly string[]): string {
  return requestHead(port, 'POST /router/groq/x', headers);
}

describe('gateway, large bodies:', () => {
  describe('own process:', () => {
    let upstream: { readonly port: number; readonly bytes: () => number; close(): void };
    let child: ChildProcess;
    let port: number;

    beforeEach(async () => {
      let bytes = 0;
      const sockets: Socket[] = [];
      const server = createServer(socket => {
        sockets.push(socket);
        let expected: number | undefined;
        let own = 0;
        let tail = Buffer.alloc(0);
        socket.on('error', () => {});
        socket.on('data', data => {
          bytes += data.length;
          own += data.length;
          if (expected === undefined) {
            const head = data.toString('latin1', 0, data.indexOf('\r\n\r\n'));
            expected = head.length + 4 + Number(/content-length: (\d+)/i.exec(head)?.[1]);
          }
          tail = Buffer.concat([tail, data.subarray(-100)]).subarray(-100);
          if (own !== expected && !tail.includes('\r\n0\r\n\r\n')) return;
          tail = Buffer.alloc(0);
          expected = undefined;
          own = 0;
          socket.write(response(200, '"all of it"'));
        });
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address() as { port: number };
      upstream = {
        port: address.port,
        bytes: () => bytes,
        close: () => {
          server.close();
          for (const socket of sockets) socket.destroy();
        },
      };
      child = fork(new URL('gatewayAlone.ts', import.meta.url), [`http://127.0.0.1:${address.port}`], {
        execArgv: ['--expose-gc'],
      });
      const [{ url }] = (await once(child, 'message')) as [{ url: string }];
      port = Number(new URL(url).port);
    });
    afterEach(() => {
      child.kill();
      upstream.close();
    });

    const memory = async () => {
      child.send('memory');
      const [usage] = (await once(child, 'message')) as [
        { arrayBuffers: number; heapUsed: number; rss: number; peak: number },
      ];
      return usage;
    };

    const upload = async (bytes: number, inChunks: boolean, atHalf: () => Promise<void>) => {
      const client = await rawClient(port);
      const framing = inChunks ? ['Transfer-Encoding: chunked'] : [`Content-Length: ${bytes}`];
      client.write(post(port, ['Content-Type: audio/wav', ...framing]));
      const part = Buffer.alloc(miB, 'x');
      const chunk = inChunks ? Buffer.concat([Buffer.from('100000\r\n'), part, Buffer.from('\r\n')]) : part;
      for (let sent = 0; sent < bytes; sent += part.length) {
        if (!client.socket.write(chunk)) await once(client.socket, 'drain');
        if (sent === bytes / 2) await atHalf();
      }
      if (inChunks) client.write('0\r\n\r\n');
      await client.until('"all of it"');
      client.socket.destroy();
    };

    for (const inChunks of [false, true]) {
      it(`an upload of 100 MB takes constant memory${inChunks ? ', chunked' : ''}`, async () => {
        await upload(8 * miB, inChunks, async () => {});
        const before = await memory();
        let during = before;
        await upload(100 * miB, inChunks, async () => {
          during = await memory();
        });
        const after = await memory();
        assert.ok(upstream.bytes() > 108 * miB);
        for (const [name, usage] of Object.entries({ during, after })) {
          const grown = usage.arrayBuffers + usage.heapUsed - before.arrayBuffers - before.heapUsed;
          assert.ok(grown < 10 * miB, `${name}: ${grown} bytes more`);
        }
        const piled = Math.max(during.peak, after.peak) - before.arrayBuffers;
        assert.ok(piled < 10 * miB, `${piled} bytes more at its height, with what nobody needs any more`);
      }).timeout(60_000);
    }
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

    /** Resolves when nothing could be written for so many turns of the loop that the way must be full. */
    const stalled = async (socket: Socket) => {
      for (let quiet = 0, last = -1; quiet < 300; quiet++) {
        if (socket.bytesWritten - socket.writableLength !== last) quiet = 0;
        last = socket.bytesWritten - socket.writableLength;
        await new Promise(resolve => setTimeout(resolve, 1));
      }
    };

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
      client.write(post(gateway.port, ['Content-Length: 0']));
      const head = await client.until('\r\n\r\n');
      client.socket.pause();
      let read = client.received().length - head.indexOf('\r\n\r\n') - 4;
      await stalled(source as Socket);
      assert.ok((source as Socket).writableLength > 50 * miB, 'the gateway took it all in');
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
      client.write(post(gateway.port, ['Content-Type: audio/wav', `Content-Length: ${100 * miB}`]));
      const part = Buffer.alloc(miB);
      for (let sent = 0; sent < 100; sent++) client.socket.write(part);
      await stalled(client.socket);
      assert.ok(client.socket.writableLength > 50 * miB, 'the gateway took it all in');
      client.socket.destroy();
    }).timeout(60_000);

    it('JSON of more than 1 MiB arrives unchanged, and its model is known', async () => {
      answer = socket => socket.write(response(200, '{"usage":{"prompt_tokens":1,"completion_tokens":1}}'));
      const body = JSON.stringify({ model: 'acme/Model-7B:groq', messages: ['é'.repeat(2 * miB)] });
      const answered = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: withKey({ 'content-type': 'application/json' }),
        body,
      });
      assert.equal(answered.status, 200);
      assert.equal(upstream.requests[0]?.body.toString(), body);
      assert.match(await answered.text(), /usage/);
      await gateway.close(0);
      assert.equal(gateway.tallies[0]?.model, 'acme/Model-7B');
      assert.equal(gateway.tallies[0]?.promptTokens, 1);
    });
  });
});
