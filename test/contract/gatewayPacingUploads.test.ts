import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import * as v8 from 'node:v8';
import * as vm from 'node:vm';
import { GatewayRig, windowHeaders } from './gatewayRig.ts';
import { rawClient, requestHead } from './rawClient.ts';
import { response } from './rawUpstream.ts';
import { chat } from './testGateway.ts';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

/** Bytes of live buffers. */
function bufferBytes(): number {
  collect();
  // V8 frees the buffers of one collection before it begins the next
  collect();
  return process.memoryUsage().arrayBuffers;
}

describe('gateway pacing, streams and uploads:', () => {
  let rig: GatewayRig;
  beforeEach(async () => {
    rig = await GatewayRig.start();
  });
  afterEach(() => rig.stop());

  const put = (length: number, type = 'application/octet-stream') => {
    const headers = [`Content-Type: ${type}`, `Content-Length: ${length}`];
    return requestHead(rig.gateway, 'PUT /hub/api/models', headers);
  };

  it('a stream counts in the concurrency limit until it ends', async () => {
    const full = '{"error":{"message":"Too many concurrent requests"}}';
    let open = 0;
    const streams: Socket[] = [];
    rig.answer = ({ socket }) => {
      if (open === 2) return response(429, full, { 'x-inference-provider': 'together' });
      open += 1;
      streams.push(socket);
      return 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n7\r\ndata: 1\r\n';
    };
    const pending = [1, 2, 3].map(() => chat(rig.gateway, { model: 'acme/Model-7B', stream: true }));
    await rig.arrival(3);
    await rig.held(1);
    await rig.pass(20_000);
    assert.equal(rig.arrived.length, 3, 'the third stream is held');
    open -= 1;
    streams[0]?.write('0\r\n\r\n');
    await rig.pass(200);
    await rig.arrival(4);
    for (const stream of streams.slice(1)) stream.write('0\r\n\r\n');
    const answers = await Promise.all(pending);
    assert.deepEqual(await Promise.all(answers.map(answer => answer.text())), [
      'data: 1',
      'data: 1',
      'data: 1',
    ]);
  });

  for (const [name, answer, status] of [
    ['103 and 204', 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n', 204],
    ['304', 'HTTP/1.1 304 Not Modified\r\n\r\n', 304],
    ['101', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', 200],
    ['not HTTP', 'what?\r\n\r\n', 502],
  ] as const) {
    it(`held requests are sent after the first one's response is ${name}`, async () => {
      rig.answer = () => response(200, '{}', windowHeaders(0, 5));
      await rig.status('/hub/api/models');
      const [first, second] = [rig.status('/hub/api/models?1'), rig.status('/hub/api/models?2')];
      await rig.held(2);
      rig.answer = () => {
        rig.answer = () => response(200, '{}', windowHeaders(900, 300));
        return answer;
      };
      const answered = await rig.clock.result(Promise.all([first, second]));
      // a GET without a response is retried
      assert.deepEqual(answered.sort(), [200, status].sort());
    });
  }

  const mebibyte = 1024 * 1024;

  for (const [disconnects, disconnect] of [
    ['ends its connection', (socket: Socket) => socket.destroy()],
    ['resets its connection', (socket: Socket) => socket.resetAndDestroy()],
  ] as const) {
    for (const [progress, sent, length, type] of [
      ['little of its upload was sent', 1_000, 99_999_999, 'application/octet-stream'],
      ['more of its upload was sent than is buffered', mebibyte - 1_000, 99_999_999, 'video/mp4'],
      ['all of its upload was sent', mebibyte - 1_000, mebibyte - 1_000, 'application/octet-stream'],
      ['its JSON is too large to be kept', 1.5 * mebibyte, 99_999_999, 'application/json'],
    ] as const) {
      it(`a held upload is removed when its client ${disconnects} and ${progress}`, async () => {
        rig.answer = () => response(200, '{}', windowHeaders(0, 5));
        await rig.status('/hub/api/models');
        const client = await rawClient(rig.gateway.port);
        client.write(put(length, type));
        client.write(Buffer.alloc(sent));
        await rig.held(1);
        disconnect(client.socket);
        await rig.held(0);
        await rig.pass(6_000);
        assert.equal(rig.lines.length, 1, 'the request is not sent');
      });
    }

    it(`a held upload under back-pressure is removed seconds after its client ${disconnects}`, async () => {
      rig.answer = () => response(200, '{}', windowHeaders(0, 7));
      await rig.status('/hub/api/models');
      const client = await rawClient(rig.gateway.port);
      client.write(put(99_999_999));
      // the gateway reads a held upload at 2 MiB/s, so all of this before the window opens
      client.write(Buffer.alloc(13 * mebibyte));
      await rig.held(1);
      await rig.pass(1_000);
      assert.ok(client.socket.writableLength > 0, 'the gateway does not read the whole upload');
      disconnect(client.socket);
      for (let seconds = 0; seconds < 5; seconds += 1) {
        await rig.pass(1_000);
        // a second's bytes come in many reads
        for (let part = 0; part < 100; part += 1) await turn();
      }
      await rig.held(0);
      assert.equal(rig.lines.length, 1, 'the request is not sent');
    });
  }

  it('the upload of a cancelled request is discarded', async () => {
    rig.answer = () => response(200, '{}', windowHeaders(0, 5));
    await rig.status('/hub/api/models');
    const before = bufferBytes();
    const client = await rawClient(rig.gateway.port);
    client.write(put(99_999_999));
    const part = Buffer.alloc(mebibyte);
    for (let sent = 0; sent < 32; sent += 1) client.write(part);
    await rig.held(1);
    rig.gateway.cancel();
    await client.until('cancelled');
    while (client.socket.writableLength > 0) await turn();
    const kept = bufferBytes() - before;
    assert.ok(kept < 4 * mebibyte, `${kept} bytes are kept`);
    client.socket.destroy();
  });

  it('a held upload stays unread, and arrives completely once it is sent', async () => {
    rig.answer = () => response(200, '{}', windowHeaders(0, 5));
    await rig.status('/hub/api/models');
    const body = Buffer.alloc(8 * 1024 * 1024, 'Headroom');
    rig.answer = () => response(200, '{}', windowHeaders(900, 300));
    const client = await rawClient(rig.gateway.port);
    client.write(put(body.length));
    client.write(body);
    // an upload has its own lane in front of the window
    await rig.held(1);
    await rig.quiet();
    assert.ok(client.socket.writableLength > 0, 'the gateway does not read the whole upload');
    await rig.clock.result(client.until('200 Some Words'));
    assert.ok(rig.arrived[1]?.body.equals(body));
  });
});

describe('gateway pacing, large JSON to a provider:', () => {
  it('it is read while held, and its model is replaced once', async () => {
    const rig = await GatewayRig.start({ models: { find: async (_provider, model) => `their-${model}` } });
    try {
      rig.configure({
        profile: { kind: 'provider-key', provider: 'groq' },
        keys: { groq: 'gsk_ada' },
        providerUrls: { groq: rig.upstream.url },
      });
      const requests = (remaining: number) => ({
        'x-ratelimit-limit-requests': '100',
        'x-ratelimit-remaining-requests': String(remaining),
        'x-ratelimit-reset-requests': '20s',
      });
      rig.answer = () => response(200, '{}', requests(0));
      assert.equal((await chat(rig.gateway)).status, 200);
      rig.answer = () => response(200, '{}', requests(90));
      const content = '"model":"acme/Model-7B",'.repeat(200_000);
      const long = chat(rig.gateway, { model: 'acme/Model-7B', content });
      await rig.held(1);
      await rig.pass(1_000);
      await rig.pass(1_000);
      await rig.pass(18_250);
      assert.equal((await long).status, 200);
      const body = JSON.parse(rig.arrived[1]?.body.toString() ?? '');
      assert.equal(body.model, 'their-acme/Model-7B');
      assert.ok(body.content === content);
    } finally {
      await rig.stop();
    }
  });
});
