import assert from 'node:assert/strict';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { startGateway } from '../../src/gateway/startGateway.ts';
import { createDispatcher } from '../../src/hub/dispatcher.ts';
import { json, listen } from './hubServer.ts';
import { ManualClock } from './manualClock.ts';
import { type RawClient, rawClient, requestHead } from './rawClient.ts';
import { type RawRequest, type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { selfSigned } from './selfSigned.ts';
import { chat, gatewayTo, key, type TestGateway, withKey } from './testGateway.ts';

async function errorOf(answer: Response): Promise<{ code: string; message: string; type: string }> {
  const { error } = (await answer.json()) as { error: { code: string; message: string; type: string } };
  return error;
}

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

describe('gateway, upstream failures:', () => {
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

  const post = (path: string, body = '{}') => {
    const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`];
    return requestHead(gateway, `POST ${path}`, headers) + body;
  };

  it('a refused connection is retried, then gets a 502', async () => {
    const port = await freePort();
    const down = await gatewayTo(`http://127.0.0.1:${port}`);
    const answered = await chat(down);
    assert.equal(answered.status, 502);
    const { code, message, type } = await errorOf(answered);
    assert.equal(code, 'upstream_unreachable');
    assert.equal(type, 'headroom_error');
    assert.equal(answered.headers.get('x-should-retry'), null, 'nothing was sent');
    assert.match(message, /127\.0\.0\.1:\d+ can't be reached \(ECONNREFUSED\)\. Check/);
    await down.close(0);
    assert.deepEqual(
      down.tallies.map(({ status, billedTo, costNanoUsd }) => [status, billedTo, costNanoUsd]),
      [[0, 'personal', 0]],
      'what was not even sent cost nothing',
    );
    await down.stop();
  });

  for (const type of ['application/json', 'audio/wav']) {
    it(`a request whose server starts between two tries arrives with the same body (${type})`, async () => {
      const port = await freePort();
      const clock = new ManualClock();
      const late = await gatewayTo(`http://127.0.0.1:${port}`, { clock });
      const answered = fetch(`${late.url}/router/groq/x`, {
        method: 'POST',
        headers: withKey({ 'content-type': type }),
        body: '{"a":1}',
      });
      await clock.settled();
      const up = await rawUpstream(({ socket, body }) => socket.write(response(200, body.toString())), port);
      assert.equal(await (await clock.result(answered)).text(), '{"a":1}');
      assert.equal(up.requests.length, 1);
      await late.stop();
      await up.close();
    });
  }

  it('an unknown host name gets a 502 that says so', async () => {
    const unknown = await gatewayTo('https://headroom.invalid');
    const answered = await chat(unknown);
    assert.equal(answered.status, 502);
    assert.equal((await errorOf(answered)).code, 'upstream_unreachable');
    await unknown.stop();
  });

  it("an untrusted certificate gets a 502, in the Hub's format on the Hub, and nothing is sent", async () => {
    const router = await listen(json(200, {}), createTlsServer(selfSigned));
    const strict = await gatewayTo(router.url, { dispatcher: createDispatcher({}) });
    const answered = await chat(strict);
    const { code, message } = await errorOf(answered);
    assert.deepEqual([answered.status, code], [502, 'upstream_certificate']);
    assert.match(message, /NODE_EXTRA_CA_CERTS\.$/);
    const hub = await fetch(`${strict.url}/hub/api/models`, { headers: withKey() });
    assert.equal(hub.status, 502);
    assert.equal(hub.headers.get('x-error-code'), 'upstream_certificate');
    assert.equal(((await hub.json()) as { error: string }).error, hub.headers.get('x-error-message'));
    assert.equal(router.requests.length, 0);
    await strict.stop();
    await router.close();
  });

  it('redirects are not followed', async () => {
    const elsewhere = await rawUpstream(({ socket }) => socket.write(response(200)));
    const redirecting = await rawUpstream(({ socket }) =>
      socket.write(response(307, '', { location: `${elsewhere.url}/v1/chat/completions` })),
    );
    const through = await gatewayTo(redirecting.url);
    const answer = await fetch(`${through.url}/v1/chat/completions`, {
      method: 'POST',
      headers: withKey(),
      redirect: 'manual',
    });
    assert.equal(answer.status, 307);
    assert.equal(elsewhere.connections.length, 0);
    await through.stop();
    await redirecting.close();
    await elsewhere.close();
  });

  it('a POST is not retried after a reset', async () => {
    answer = ({ socket }) => socket.resetAndDestroy();
    const answered = await chat(gateway);
    assert.equal(answered.status, 502);
    assert.equal(answered.headers.get('x-should-retry'), 'false', 'SDKs would do it');
    const { code, message } = await errorOf(answered);
    assert.equal(code, 'upstream_failed');
    assert.match(message, /may have done the work/);
    assert.equal(upstream.requests.length, 1);
  });

  it('a GET is retried after a reset before the response', async () => {
    answer = ({ socket }) => {
      if (upstream.requests.length === 1) socket.resetAndDestroy();
      else socket.write(response(200, '"second"'));
    };
    const answered = await fetch(`${gateway.url}/v1/models`, { headers: withKey() });
    assert.equal(await answered.text(), '"second"');
    assert.equal(upstream.requests.length, 2);
  });

  it('a response that is not HTTP gets a 502', async () => {
    answer = ({ socket }) => socket.end('SSH-2.0-OpenSSH_9\r\n');
    assert.equal((await chat(gateway)).status, 502);
    assert.equal(upstream.requests.length, 1);
  });

  for (const [name, head, part, end] of [
    ['Transfer-Encoding', 'Transfer-Encoding: chunked', '5\r\ndata:\r\n', 'reset'],
    ['Transfer-Encoding', 'Transfer-Encoding: chunked', '5\r\ndata:\r\n', 'end'],
    ['a length', 'Content-Length: 50', 'data:', 'reset'],
    ['a length', 'Content-Length: 50', 'data:', 'end'],
  ] as const) {
    it(`a stream with ${name} that breaks off (${end}) breaks off at the client after all received bytes, without a retry`, async () => {
      let cut = () => {};
      answer = ({ socket }) => {
        socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${part}`);
        cut = () => (end === 'reset' ? socket.resetAndDestroy() : socket.end());
      };
      const client = await rawClient(gateway.port);
      client.write(post('/v1/chat/completions'));
      await client.until('data:');
      cut();
      const all = (await client.ended()).toString();
      assert.ok(all.endsWith(part), all);
      assert.equal(upstream.requests.length, 1);
      await gateway.close(0);
      assert.deepEqual(
        gateway.tallies.map(({ status }) => status),
        [200],
      );
    });
  }

  it('bytes received together with the break are passed on', async () => {
    answer = ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\ndata:');
    const client = await rawClient(gateway.port);
    client.write(post('/v1/chat/completions'));
    assert.ok((await client.ended()).toString().endsWith('\r\n\r\ndata:'));
  });

  it('a client that disconnects before or during the response aborts the upstream request', async () => {
    for (const begins of [false, true]) {
      let gone: Promise<void> | undefined;
      const asked = new Promise<void>(resolve => {
        answer = ({ socket }) => {
          gone = new Promise(end => socket.once('close', () => end()));
          if (begins) socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n');
          resolve();
        };
      });
      const client = await rawClient(gateway.port);
      client.write(post('/v1/chat/completions'));
      await asked;
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

  it('a client that disconnects during its upload aborts the upstream request', async () => {
    const began = new Promise<void>(resolve => {
      upstream.onData = data => data.includes('abc') && resolve();
    });
    const client = await rawClient(gateway.port);
    client.write(
      post('/router/x/y', 'abc').replace('Length: 3', 'Length: 9').replace('application/json', 'audio/wav'),
    );
    await began;
    const closed = new Promise(resolve => upstream.connections[0]?.once('close', resolve));
    client.socket.destroy();
    await closed;
    assert.equal(upstream.requests.length, 0);
  });

  it('nothing is sent upstream for a client that disconnects before its JSON is complete', async () => {
    const client = await rawClient(gateway.port);
    client.write(post('/v1/chat/completions', '{"a"').replace('Length: 4', 'Length: 9'));
    client.socket.end();
    await client.ended();
    assert.equal(upstream.connections.length, 0);
  });

  it('a response before the end of the upload is passed on, and the connection stays usable', async () => {
    let early: (() => void) | undefined;
    upstream.onData = data => {
      if (data.includes('part one')) early?.();
    };
    const client: RawClient = await rawClient(gateway.port);
    early = () => upstream.connections[0]?.write(response(413, '"too large"'));
    const size = 4_000_000;
    client.write(`${requestHead(gateway, 'PUT /router/x/y', [`Content-Length: ${size}`])}part one`);
    await client.until('"too large"');
    early = undefined;
    client.write(Buffer.alloc(size - 8, 'x'));
    client.write(requestHead(gateway, 'GET /v1/models'));
    await client.until('\r\n\r\n{}');
    client.socket.destroy();
  });

  it('a request refused by admission gets its response during the upload, and nothing goes upstream', async () => {
    const client = await rawClient(gateway.port);
    client.write(post('/v1/chat/completions', 'x'.repeat(3_000_000)).replace(key, 'wrong'));
    await client.until('key_invalid');
    client.write(post('/v1/chat/completions'));
    await client.until('\r\n\r\n{}');
    client.socket.destroy();
    assert.equal(upstream.requests.length, 1);
  });

  describe('slow clients:', () => {
    let clock: ManualClock;
    let patient: TestGateway;
    const slow = (type: string, length: number, begun: string) =>
      post('/router/x/y', begun)
        .replaceAll(String(gateway.port), String(patient.port))
        .replace(/Length: \d+/, `Length: ${length}`)
        .replace('application/json', type);
    const halfAMinute = () => {
      for (let at = 0; at < 3; at++) clock.advance(10_000);
    };

    beforeEach(async () => {
      clock = new ManualClock();
      patient = await gatewayTo(upstream.url, { clock });
    });
    afterEach(() => patient.stop());

    it('JSON that is incomplete after 30 s gets a 408', async () => {
      const client = await rawClient(patient.port);
      // the word that it may send says that the gateway waits
      client.write(slow('application/json', 9, '').replace('Host', 'Expect: 100-continue\r\nHost'));
      await client.until('100 Continue');
      client.write('{"a"');
      client.forget();
      halfAMinute();
      assert.match((await client.until('request_timeout')).toString(), /^HTTP\/1.1 408 /);
      assert.equal(upstream.connections.length, 0);
      client.socket.destroy();
    });

    it('a stalled upload is cut off', async () => {
      const began = new Promise<void>(resolve => {
        upstream.onData = data => data.includes('abc') && resolve();
      });
      const client = await rawClient(patient.port);
      client.write(slow('audio/wav', 9, 'abc'));
      await began;
      halfAMinute();
      assert.equal((await client.ended()).length, 0);
    });

    it('a complete request may wait for upstream without a limit', async () => {
      let finish = () => {};
      const asked = new Promise<void>(resolve => {
        answer = ({ socket }) => {
          finish = () => socket.write(response(200, '"at last"'));
          resolve();
        };
      });
      const client = await rawClient(patient.port);
      client.write(slow('audio/wav', 3, 'abc'));
      await asked;
      for (let at = 0; at < 100; at++) halfAMinute();
      finish();
      await client.until('"at last"');
      client.socket.destroy();
    });
  });

  it('close: requests in flight end and are recorded, new ones are not accepted', async () => {
    let finish = () => {};
    const asked = new Promise<void>(resolve => {
      answer = ({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
        finish = () => socket.write('2\r\nhi\r\n0\r\n\r\n');
        resolve();
      };
    });
    const client = await rawClient(gateway.port);
    client.write(post('/v1/chat/completions'));
    await asked;
    const idle = await rawClient(gateway.port);
    const closed = gateway.close(60_000);
    await idle.ended();
    await assert.rejects(fetch(`${gateway.url}/v1/models`));
    client.write(post('/v1/chat/completions'));
    finish();
    const all = (await client.ended()).toString();
    assert.match(all, /2\r\nhi\r\n0\r\n\r\n/);
    assert.match(all.slice(10), /HTTP\/1\.1 503 [\s\S]*gateway_closing/);
    await closed;
    assert.equal(gateway.tallies.length, 1);
  });

  it('close: requests still open after the grace period are cut off', async () => {
    answer = ({ socket }) => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n');
    const client = await rawClient(gateway.port);
    client.write(post('/v1/chat/completions'));
    await client.until('\r\na\r\n');
    await gateway.close(10);
    assert.doesNotMatch((await client.ended()).toString(), /0\r\n\r\n$/);
  });

  it('start: rejects when the port is taken', async () => {
    await assert.rejects(
      startGateway({ ...({} as Parameters<typeof startGateway>[0]), port: gateway.port, key }),
      { code: 'EADDRINUSE' },
    );
  });
});
