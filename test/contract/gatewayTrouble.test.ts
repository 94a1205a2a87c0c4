import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { type GatewayChild, gatewayChildren, token, toldBy } from './gatewayChild.ts';
import { gatewaySetup } from './gatewaySetup.ts';
import { llama } from './payers.ts';
import { rawClient } from './rawClient.ts';
import { rawUpstream, response } from './rawUpstream.ts';
import { configTo } from './testGateway.ts';

const miB = 1024 * 1024;

describe('gateway, outages:', function () {
  this.timeout(30_000);

  it("HF's 400 for a disabled provider is passed on", async () => {
    const setup = await gatewaySetup();
    await setup.patch({ users: { ada: { disabledProviders: ['groq'] } } });
    const body = JSON.stringify({ model: `${llama}:groq`, messages: [{ role: 'user', content: 'hello' }] });
    const ask = async (url: string, bearer: string) => {
      const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
      const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body });
      return { status: answer.status, text: await answer.text() };
    };
    const direct = await ask(setup.emulator.routerUrl, setup.emulator.token ?? '');
    assert.deepEqual(await ask(setup.url, setup.key), direct);
    assert.equal(direct.status, 400);
    const { error } = JSON.parse(direct.text) as { error: { message: string; code: string } };
    assert.match(error.message, /is not supported by any provider you have enabled\.$/);
    assert.equal(setup.received().length, 2, 'it was tried again');
    await setup.close();
  });

  describe('own process:', () => {
    const children = gatewayChildren();
    after(() => children.clean());

    it('upstream down gets a 502; requests succeed once it is up', async () => {
      const upstream = await rawUpstream(({ socket }) => socket.write(response(200, '"up"')));
      const { port, url } = upstream;
      await upstream.close();
      const gateway = await children.start({ HEADROOM_HUB_URL: url, HEADROOM_ROUTER_URL: url });
      const answer = await gateway.chat();
      assert.equal(answer.status, 502);
      const { code, message } = await toldBy(answer);
      assert.equal(code, 'upstream_unreachable');
      assert.match(
        message,
        new RegExp(`^${url} can't be reached \\(ECONNREFUSED\\)\\. Check .* try again\\.$`),
      );
      const back = createServer(socket => {
        socket.on('error', () => {}).once('data', () => socket.end(response(200, '"up"')));
      });
      await new Promise<void>(resolve => back.listen(port, '127.0.0.1', resolve));
      assert.equal(await (await gateway.chat()).text(), '"up"');
      assert.equal(await gateway.end(), 0);
      back.close();
    });

    it('an upload of 2 GB takes constant memory', async function () {
      if (process.platform !== 'linux') this.skip();
      const total = 2048 * miB;
      const sink = await startSink();
      const gateway = await children.fork({}, configTo(sink.url, { token }));
      await upload(gateway, 128 * miB);
      const before = residentBytes(gateway.pid);
      let most = before;
      const looking = setInterval(() => {
        most = Math.max(most, residentBytes(gateway.pid));
      }, 50);
      sink.received = 0;
      assert.match(await upload(gateway, total), /^HTTP\/1\.1 200 /);
      clearInterval(looking);
      assert.ok(sink.received >= total && sink.received < total + 4096, String(sink.received));
      most = Math.max(most, residentBytes(gateway.pid));
      assert.ok(most - before < 20 * miB, `${Math.round((most - before) / miB)} MiB more`);
      assert.equal(await gateway.end(), 0);
      await sink.close();
    }).timeout(120_000);
  });
});

interface Sink {
  readonly url: string;
  received: number;
  close(): Promise<void>;
}

/** Takes whatever comes, and answers when the body is over. */
async function startSink(): Promise<Sink> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    let left: number | undefined;
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.on('data', chunk => {
      sink.received += chunk.length;
      if (left === undefined) {
        const head = chunk.indexOf('\r\n\r\n') + 4;
        left = head + Number(/content-length: *(\d+)/i.exec(chunk.toString('latin1', 0, head))?.[1] ?? 0);
      }
      left -= chunk.length;
      if (left > 0) return;
      left = undefined;
      socket.write(response(200));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const sink: Sink = {
    url: `http://127.0.0.1:${port}`,
    received: 0,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return sink;
}

/** As many zeros as asked for, as fast as they are taken. */
async function upload(gateway: GatewayChild, bytes: number): Promise<string> {
  const client = await rawClient(gateway.port);
  const lines = [
    'POST /router/hf-inference/models/acme/asr HTTP/1.1',
    `Host: 127.0.0.1:${gateway.port}`,
    `Authorization: Bearer ${gateway.key}`,
    'Content-Type: audio/wav',
    `Content-Length: ${bytes}`,
    'Connection: close',
  ];
  client.write(`${lines.join('\r\n')}\r\n\r\n`);
  const part = Buffer.alloc(miB);
  for (let sent = 0; sent < bytes; sent += part.length) {
    if (!client.socket.write(part)) await new Promise(resolve => client.socket.once('drain', resolve));
  }
  return (await client.ended()).toString('latin1');
}

function residentBytes(pid: number): number {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}
