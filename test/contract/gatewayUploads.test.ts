import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { rawUpstream, response } from './rawUpstream.ts';
import { configTo } from './testGateway.ts';
import { chunk, headOf, json, sound, uploadRig } from './uploadRig.ts';

const miB = 1024 * 1024;

describe('gateway: chunked uploads with trailers', () => {
  const rig = uploadRig();

  it('are sent again after a 429 when the body is kept', async () => {
    rig.answer = ({ socket }) =>
      socket.write(
        rig.upstream.requests.length === 1
          ? response(429, '{}', { 'retry-after': '1' })
          : response(200, '"ok"'),
      );
    const client = await rig.begin([json, 'Trailer: X-Checksum']);
    client.write(`${chunk('{"model":"a/b"}')}0\r\nX-Checksum: abc\r\n\r\n`);
    rig.clock.advance(await rig.clock.wait());
    await client.until('"ok"');
    assert.equal(rig.body(0), '{"model":"a/b"}');
    assert.equal(rig.body(1), rig.body(0));
    assert.deepEqual(rig.headers(1), rig.headers(0));
  });

  it('are sent again after a reset when the body is kept', async () => {
    rig.answer = ({ socket }) => {
      if (rig.upstream.requests.length === 1) socket.resetAndDestroy();
      else socket.write(response(200, '"ok"'));
    };
    const client = await rig.begin([json, 'Trailer: X-Checksum'], 'GET /v1/models');
    client.write(`${chunk('{}')}0\r\nX-Checksum: abc\r\n\r\n`);
    rig.clock.advance(await rig.clock.wait());
    await client.until('"ok"');
    assert.equal(rig.body(0), '{}');
    assert.equal(rig.body(1), rig.body(0));
  });

  /** An upload of which a part has arrived upstream. */
  async function halfSent() {
    const there = rig.arrived('abc');
    const client = await rig.begin([sound, 'Trailer: X-Checksum']);
    client.write(chunk('abc'));
    await there;
    const [socket] = rig.upstream.connections as [Socket];
    return { client, socket, closed: once(socket, 'close') };
  }

  it('get a 431 when their trailers are too long, and upstream gets no end of the body', async () => {
    const { client, closed } = await halfSent();
    client.write(`0\r\nX-Checksum: ${'a'.repeat(20_000)}\r\n\r\n`);
    assert.match((await client.ended()).toString(), /^HTTP\/1\.1 431 /);
    await closed;
    assert.equal(rig.upstream.requests.length, 0);
  });

  it('end upstream when the client leaves in the middle of the body', async () => {
    const { client, closed } = await halfSent();
    client.socket.destroy();
    await closed;
    assert.equal(rig.upstream.requests.length, 0);
  });

  it('end upstream when the client leaves before the response', async () => {
    const asked = new Promise<Socket>(resolve => {
      rig.answer = ({ socket }) => resolve(socket);
    });
    const client = await rig.begin([json, 'Trailer: X-Checksum']);
    client.write(`${chunk('{}')}0\r\nX-Checksum: abc\r\n\r\n`);
    const closed = once(await asked, 'close');
    client.socket.destroy();
    await closed;
  });

  it('may be answered early: the response is relayed, and the rest of the upload dropped', async () => {
    const { client, closed, socket } = await halfSent();
    socket.write(response(413, '"too large"'));
    await client.until('"too large"');
    await closed;
    for (let sent = 0; sent < 50; sent++) client.write(chunk('x'.repeat(100_000)));
    client.write('0\r\nX-Checksum: abc\r\n\r\n');
    client.forget();
    // the client's own connection goes on
    client.write(
      `${headOf(rig.gateway, [json, 'Trailer: X-Checksum'])}${chunk('{}')}0\r\nX-Checksum: abc\r\n\r\n`,
    );
    await client.until('\r\n\r\n{}');
    assert.equal(rig.upstream.connections.length, 2);
  });

  it('fail with a 502 when the connection to upstream breaks off', async () => {
    const there = rig.arrived('abc');
    const client = await rig.begin([sound, 'Trailer: X-Checksum']);
    client.write(chunk('abc'));
    await there;
    rig.upstream.connections[0]?.resetAndDestroy();
    client.write(`${chunk('def')}0\r\nX-Checksum: abc\r\n\r\n`);
    const told = (await client.until('upstream_failed')).toString();
    assert.match(told, /^HTTP\/1\.1 502 /);
    assert.equal(rig.upstream.requests.length, 0);
  });

  it('stop reading from the client when upstream does not read', async () => {
    rig.upstream.onData = () => rig.upstream.connections[0]?.pause();
    const client = await rig.begin([sound, 'Trailer: X-Checksum']);
    const part = chunk('x'.repeat(miB));
    for (let sent = 0; sent < 100; sent++) client.write(part);
    for (let quiet = 0, last = -1; quiet < 300; quiet++) {
      const taken = client.socket.bytesWritten - client.socket.writableLength;
      if (taken !== last) quiet = 0;
      last = taken;
      await new Promise(resolve => setTimeout(resolve, 1));
    }
    assert.ok(client.socket.writableLength > 50 * miB, 'the gateway took it all in');
  }).timeout(60_000);

  it('are tried again when upstream did not listen at first', async () => {
    const { port, url } = rig.upstream;
    await rig.upstream.close();
    rig.gateway.configure(configTo(url));
    for (const type of [json, sound]) {
      const client = await rig.begin([type, 'Trailer: X-Checksum']);
      client.write(`${chunk('{}')}0\r\nX-Checksum: abc\r\n\r\n`);
      const delayMs = await rig.clock.wait();
      rig.upstream = await rawUpstream(request => rig.answer(request), port);
      rig.clock.advance(delayMs);
      await client.until('\r\n\r\n{}');
      assert.equal(rig.body(), type === json ? '{}' : `${chunk('{}')}0\r\n\r\n`);
      await rig.upstream.close();
    }
  });
});
