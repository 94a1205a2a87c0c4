import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { GatewayRig, reply } from './gatewayRig.ts';
import { ManualClock } from './manualClock.ts';
import { rawClient, requestHead, stalled } from './rawClient.ts';
import { chunk, rawUpstream, response } from './rawUpstream.ts';
import { gatewayTo, type TestGateway } from './testGateway.ts';

const miB = 1024 * 1024;
const json = 'Content-Type: application/json';
const sound = 'Content-Type: audio/wav';
const trailer = 'Trailer: X-Checksum';
const end = '0\r\nX-Checksum: abc\r\n\r\n';

function headOf(
  gateway: TestGateway,
  headers: readonly string[],
  line = 'POST /v1/chat/completions',
): string {
  return requestHead(gateway, line, ['Transfer-Encoding: chunked', ...headers]);
}

/** A client that has sent the head of a chunked upload. */
async function begin(gateway: TestGateway, headers: readonly string[], line?: string) {
  const client = await rawClient(gateway.port);
  client.write(headOf(gateway, headers, line));
  return client;
}

describe('gateway, chunked uploads with trailers:', () => {
  let rig: GatewayRig;
  beforeEach(async () => {
    rig = await GatewayRig.start();
    rig.answer = () => response(200);
  });
  afterEach(() => rig.stop());

  const headLines = (at = -1) => rig.arrived.at(at)?.head.split('\r\n') ?? [];
  /** With its chunk sizes. */
  const body = (at = -1) => rig.arrived.at(at)?.body.toString('latin1');

  for (const [type, framing] of [
    [json, 'content-length: 2'],
    [sound, 'transfer-encoding: chunked'],
  ] as const) {
    it(`the body arrives, the trailers are dropped (${type})`, async () => {
      const client = await begin(rig.gateway, [type, trailer, 'TE: trailers']);
      client.write(`${chunk('{}')}${end}`);
      await client.until('\r\n\r\n{}');
      assert.doesNotMatch(headLines().join('\n'), /^(?:trailer|te):/im);
      assert.ok(headLines().includes(framing), headLines().join('\n'));
      assert.equal(body(), type === json ? '{}' : `${chunk('{}')}0\r\n\r\n`);
    });

    it(`both connections stay usable (${type})`, async () => {
      const client = await rawClient(rig.gateway.port);
      for (let count = 0; count < 3; count++) {
        client.forget();
        client.write(`${headOf(rig.gateway, [type, trailer])}${chunk('{}')}${end}`);
        await client.until('\r\n\r\n{}');
      }
      assert.equal(rig.upstream.connections.length, 1);
    });

    it(`a trailer that names a length or an encoding gets a 400 (${type})`, async () => {
      for (const name of ['Content-Length', 'Transfer-Encoding']) {
        const client = await begin(rig.gateway, [type, `Trailer: ${name}`]);
        client.write(`${chunk('{}')}0\r\n${name}: 7\r\n\r\n`);
        assert.match((await client.ended()).toString(), /^HTTP\/1\.1 400 /);
        assert.equal(rig.arrived.length, 0);
      }
    });
  }

  it('a kept body is sent again after a 429', async () => {
    rig.answers.push(reply(429, '{}', { 'retry-after': '1' }), reply(200, '"ok"'));
    const client = await begin(rig.gateway, [json, trailer]);
    client.write(`${chunk('{"model":"a/b"}')}${end}`);
    await rig.clock.result(client.until('"ok"'));
    assert.equal(body(0), '{"model":"a/b"}');
    assert.equal(body(1), body(0));
    assert.deepEqual(headLines(1), headLines(0));
  });

  it('a kept body is sent again after a reset', async () => {
    rig.answers.push(
      ({ socket }) => {
        socket.resetAndDestroy();
        return undefined;
      },
      reply(200, '"ok"'),
    );
    const client = await begin(rig.gateway, [json, trailer], 'GET /v1/models');
    client.write(`${chunk('{}')}${end}`);
    await rig.clock.result(client.until('"ok"'));
    assert.equal(body(0), '{}');
    assert.equal(body(1), body(0));
  });

  /** An upload whose first chunk has arrived upstream. */
  async function halfSent() {
    const arrival = new Promise<void>(resolve => {
      let all = '';
      rig.upstream.onData = data => {
        all += data.toString('latin1');
        if (all.includes('abc')) resolve();
      };
    });
    const client = await begin(rig.gateway, [sound, trailer]);
    client.write(chunk('abc'));
    await arrival;
    const [socket] = rig.upstream.connections as [Socket];
    return { client, socket, closed: once(socket, 'close') };
  }

  it('trailers that are too long get a 431, and the upstream request is aborted', async () => {
    const { client, closed } = await halfSent();
    client.write(`0\r\nX-Checksum: ${'a'.repeat(20_000)}\r\n\r\n`);
    assert.match((await client.ended()).toString(), /^HTTP\/1\.1 431 /);
    await closed;
    assert.equal(rig.arrived.length, 0);
  });

  it('a client that disconnects within the body aborts the upstream request', async () => {
    const { client, closed } = await halfSent();
    client.socket.destroy();
    await closed;
    assert.equal(rig.arrived.length, 0);
  });

  it('a client that disconnects before the response aborts the upstream request', async () => {
    const arrival = new Promise<Socket>(resolve => {
      rig.answer = ({ socket }) => {
        resolve(socket);
        return undefined;
      };
    });
    const client = await begin(rig.gateway, [json, trailer]);
    client.write(`${chunk('{}')}${end}`);
    const closed = once(await arrival, 'close');
    client.socket.destroy();
    await closed;
  });

  it('an early response is relayed, and the rest of the upload dropped', async () => {
    const { client, closed, socket } = await halfSent();
    socket.write(response(413, '"too large"'));
    await client.until('"too large"');
    await closed;
    for (let sent = 0; sent < 50; sent++) client.write(chunk('x'.repeat(100_000)));
    client.write(end);
    client.forget();
    // the client's connection stays usable
    client.write(`${headOf(rig.gateway, [json, trailer])}${chunk('{}')}${end}`);
    await client.until('\r\n\r\n{}');
    assert.equal(rig.upstream.connections.length, 2);
  });

  it('a reset of the upstream connection gets a 502', async () => {
    const { client, socket } = await halfSent();
    socket.resetAndDestroy();
    client.write(`${chunk('def')}${end}`);
    assert.match((await client.until('upstream_failed')).toString(), /^HTTP\/1\.1 502 /);
    assert.equal(rig.arrived.length, 0);
  });

  it('a server that does not read stops the upload', async () => {
    rig.upstream.onData = () => rig.upstream.connections[0]?.pause();
    const client = await begin(rig.gateway, [sound, trailer]);
    const part = chunk('x'.repeat(miB));
    for (let sent = 0; sent < 100; sent++) client.write(part);
    await stalled(client.socket);
    assert.ok(client.socket.writableLength > 50 * miB, 'the gateway buffers the body');
  }).timeout(60_000);

  it('an upload to a server that starts between two tries arrives', async () => {
    const { port, url } = rig.upstream;
    await rig.upstream.close();
    const clock = new ManualClock();
    const gateway = await gatewayTo(url, { clock });
    for (const type of [json, sound]) {
      const client = await begin(gateway, [type, trailer]);
      client.write(`${chunk('{}')}${end}`);
      await clock.settled();
      const upstream = await rawUpstream(({ socket }) => socket.write(response(200)), port);
      await clock.result(client.until('\r\n\r\n{}'));
      const arrived = upstream.requests.at(-1)?.body.toString('latin1');
      assert.equal(arrived, type === json ? '{}' : `${chunk('{}')}0\r\n\r\n`);
      await upstream.close();
    }
    await gateway.stop();
  });
});
