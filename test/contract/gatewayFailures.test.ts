import assert from 'node:assert/strict';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { startGateway } from '../../src/gateway/startGateway.ts';
import { createDispatcher } from '../../src/hub/dispatcher.ts';
import { json, listen } from './hubServer.ts';
import { ManualClock } from './manualClock.ts';
import { rawClient, rawPost } from './rawClient.ts';
import { type RawRequest, type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { selfSigned } from './selfSigned.ts';
import { chat, errorOf, gatewayTo, key, type TestGateway, withKey } from './testGateway.ts';

/** A port without a server. */
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

  it('a refused connection is retried, then gets a 502', async () => {
    const port = await freePort();
    const down = await gatewayTo(`http://127.0.0.1:${port}`);
    const answered = await chat(down);
    assert.equal(answered.status, 502);
    const { code, message } = await errorOf(answered);
    assert.equal(code, 'upstream_unreachable');
    assert.equal(answered.headers.get('x-should-retry'), null, 'an SDK may retry an unsent request');
    assert.match(message, /127\.0\.0\.1:\d+ can't be reached \(ECONNREFUSED\)\. Check/);
    await down.close(0);
    assert.deepEqual(
      down.tallies.map(({ status, billedTo, costNanoUsd }) => [status, billedTo, costNanoUsd]),
      [[0, 'personal', 0]],
      'an unsent request costs nothing',
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
    assert.equal(answered.headers.get('x-should-retry'), 'false', 'an SDK would retry');
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
      client.write(rawPost(gateway));
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
    client.write(rawPost(gateway));
    assert.ok((await client.ended()).toString().endsWith('\r\n\r\ndata:'));
  });

  it('start: rejects when the port is taken', async () => {
    await assert.rejects(
      startGateway({ ...({} as Parameters<typeof startGateway>[0]), port: gateway.port, key }),
      { code: 'EADDRINUSE' },
    );
  });
});
