import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ManualClock } from './manualClock.ts';
import { rawClient, rawPost, requestHead } from './rawClient.ts';
import { type RawRequest, type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { gatewayTo, type TestGateway } from './testGateway.ts';

describe('gateway, clients that disconnect or send slowly:', () => {
  let answer: (request: RawRequest) => void;
  let upstream: RawUpstream;
  let gateway: TestGateway;

  beforeEach(async () => {
    answer = ({ socket }) => socket.write(response(200));
    upstream = await rawUpstream(request => answer(request));
    gateway = await gatewayTo(upstream.url);
  });
  afterEach(async () => {
    await gateway.stop();
    await upstream.close();
  });

  /** Resolves when upstream has received these bytes. */
  const arrival = (bytes: string) =>
    new Promise<void>(resolve => {
      upstream.onData = data => data.includes(bytes) && resolve();
    });

  it('a client that disconnects before or during the response aborts the upstream request', async () => {
    for (const begins of [false, true]) {
      let gone: Promise<void> | undefined;
      const arrived = new Promise<void>(resolve => {
        answer = ({ socket }) => {
          gone = new Promise(end => socket.once('close', () => end()));
          if (begins) socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n');
          resolve();
        };
      });
      const client = await rawClient(gateway.port);
      client.write(rawPost(gateway));
      await arrived;
      if (begins) await client.until('\r\na\r\n');
      client.socket.destroy();
      await gone;
    }
    await gateway.close(0);
    assert.deepEqual(
      gateway.tallies.map(({ status }) => status),
      [0, 200],
    );
  });

  it('an idle connection stays open for longer than clients keep theirs (OkHttp: 300 s), and the response says so', async () => {
    const starting = new Promise<{ response: ServerResponse; socket: Socket }>(resolve => {
      const started = (message: unknown) => {
        unsubscribe('http.server.request.start', started);
        resolve(message as { response: ServerResponse; socket: Socket });
      };
      subscribe('http.server.request.start', started);
    });
    const client = await rawClient(gateway.port);
    client.write(requestHead(gateway, 'GET /v1/none', ['Connection: keep-alive']));
    const { response, socket } = await starting;
    await once(response, 'close');
    const [, said] =
      /\r\nKeep-Alive: timeout=(\d+)\r\n/i.exec((await client.until('\r\n\r\n')).toString()) ?? [];
    assert.equal(said, '310');
    // closed a little later than announced, so that a request sent in the last second still arrives
    assert.ok(socket.timeout !== undefined && socket.timeout >= 310_000, `${socket.timeout} ms`);
    client.socket.destroy();
  });

  it('a client that disconnects during its upload aborts the upstream request', async () => {
    const began = arrival('abc');
    const client = await rawClient(gateway.port);
    client.write(rawPost(gateway, { path: '/router/x/y', type: 'audio/wav', body: 'abc', length: 9 }));
    await began;
    const closed = once(upstream.connections[0]!, 'close');
    client.socket.destroy();
    await closed;
    assert.equal(upstream.requests.length, 0);
  });

  it('nothing is sent upstream for a client that disconnects before its JSON is complete', async () => {
    const client = await rawClient(gateway.port);
    client.write(rawPost(gateway, { body: '{"a"', length: 9 }));
    client.socket.end();
    await client.ended();
    assert.equal(upstream.connections.length, 0);
  });

  it('a response before the end of the upload is passed on, and the connection stays usable', async () => {
    const began = arrival('part one');
    const client = await rawClient(gateway.port);
    const size = 4_000_000;
    client.write(`${requestHead(gateway, 'PUT /router/x/y', [`Content-Length: ${size}`])}part one`);
    await began;
    upstream.connections[0]?.write(response(413, '"too large"'));
    await client.until('"too large"');
    client.write(Buffer.alloc(size - 8, 'x'));
    client.write(requestHead(gateway, 'GET /v1/models'));
    await client.until('\r\n\r\n{}');
    client.socket.destroy();
  });

  it('a request refused by admission gets its response during the upload, and nothing goes upstream', async () => {
    const client = await rawClient(gateway.port);
    client.write(rawPost({ ...gateway, key: 'wrong' }, { body: 'x'.repeat(3_000_000) }));
    await client.until('key_invalid');
    client.write(rawPost(gateway));
    await client.until('\r\n\r\n{}');
    client.socket.destroy();
    assert.equal(upstream.requests.length, 1);
  });

  describe('slow clients:', () => {
    let clock: ManualClock;
    let slowGateway: TestGateway;
    const path = '/router/x/y';
    const halfAMinute = () => {
      for (let at = 0; at < 3; at++) clock.advance(10_000);
    };

    beforeEach(async () => {
      clock = new ManualClock();
      slowGateway = await gatewayTo(upstream.url, { clock });
    });
    afterEach(() => slowGateway.stop());

    it('JSON that is incomplete after 30 s gets a 408', async () => {
      const client = await rawClient(slowGateway.port);
      const head = rawPost(slowGateway, { path, body: '', length: 9 });
      // the gateway waits for the body once it has sent 100 Continue
      client.write(head.replace('Host', 'Expect: 100-continue\r\nHost'));
      await client.until('100 Continue');
      client.write('{"a"');
      client.forget();
      halfAMinute();
      assert.match((await client.until('request_timeout')).toString(), /^HTTP\/1.1 408 /);
      assert.equal(upstream.connections.length, 0);
      client.socket.destroy();
    });

    it('a stalled upload is cut off', async () => {
      const began = arrival('abc');
      const client = await rawClient(slowGateway.port);
      client.write(rawPost(slowGateway, { path, type: 'audio/wav', body: 'abc', length: 9 }));
      await began;
      halfAMinute();
      assert.equal((await client.ended()).length, 0);
    });

    it('a complete request may wait for upstream without a limit', async () => {
      let finish = () => {};
      const arrived = new Promise<void>(resolve => {
        answer = ({ socket }) => {
          finish = () => socket.write(response(200, '"at last"'));
          resolve();
        };
      });
      const client = await rawClient(slowGateway.port);
      client.write(rawPost(slowGateway, { path, type: 'audio/wav', body: 'abc' }));
      await arrived;
      for (let at = 0; at < 100; at++) halfAMinute();
      finish();
      await client.until('"at last"');
      client.socket.destroy();
    });
  });
});
