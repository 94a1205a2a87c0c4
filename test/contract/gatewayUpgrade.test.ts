import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { rawClient, requestHead } from './rawClient.ts';
import { type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { gatewayTo, type TestGateway, withKey } from './testGateway.ts';

describe('gateway, requests with Upgrade:', () => {
  let upstream: RawUpstream;
  let gateway: TestGateway;
  before(async () => {
    upstream = await rawUpstream(({ socket }) => socket.write(response(200, '{"ok":1}')));
    gateway = await gatewayTo(upstream.url);
  });
  after(async () => {
    await gateway.stop();
    await upstream.close();
  });
  beforeEach(() => upstream.requests.splice(0));

  const send = async (lines: readonly string[], { body = '', line = 'POST /v1/responses' } = {}) => {
    const client = await rawClient(gateway.port);
    const length = `Content-Length: ${body.length}`;
    client.write(requestHead(gateway, line, ['Connection: Upgrade', ...lines, length]) + body);
    const answer = await client.until(received => /\r\n\r\n\{.*\}/.test(received.toString()));
    client.socket.destroy();
    return answer.toString();
  };

  for (const upgrade of ['websocket', 'WebSocket', 'websocket/13', 'h2c, websocket']) {
    it(`a WebSocket gets a 426 and nothing is sent: ${upgrade}`, async () => {
      const answer = await send([`Upgrade: ${upgrade}`, 'Sec-WebSocket-Version: 13'], {
        line: 'GET /v1/responses',
      });
      assert.match(answer, /^HTTP\/1.1 426 Upgrade Required\r\n/);
      assert.match(answer, /^upgrade: HTTP\/1\.1\r$/im);
      assert.match(answer, /^connection: upgrade, close\r$/im);
      assert.match(answer, /"Headroom's gateway forwards no WebSockets\. Send the request by HTTP\."/);
      assert.deepEqual(upstream.requests, []);
    });
  }

  it('Node’s HTTP client gets the 426 as a response', async () => {
    const { port } = gateway;
    const headers = withKey({ connection: 'Upgrade', upgrade: 'websocket' });
    const probe = request({ port, host: '127.0.0.1', path: '/v1/responses', headers }).end();
    const [answer] = await once(probe, 'response');
    assert.equal(answer.statusCode, 426);
    answer.resume();
    await once(answer, 'end');
  });

  it('without the key it is a 401: who may not ask is not told how', async () => {
    const { port } = gateway;
    const headers = { connection: 'Upgrade', upgrade: 'websocket' };
    const [answer] = await once(
      request({ port, host: '127.0.0.1', path: '/v1/x', headers }).end(),
      'response',
    );
    assert.equal(answer.statusCode, 401);
    answer.resume();
  });

  for (const offers of [['h2c'], ['TLS/1.0, HTTP/3.0', 'irc/6.9'], ['mywebsockets'], ['']]) {
    it(`another offer is ignored, and the request is served: ${offers.join(' and ') || 'empty'}`, async () => {
      const lines = offers.map(offer => `Upgrade: ${offer}`);
      const answer = await send([...lines, 'HTTP2-Settings: AAMAAABk'], { body: '{"a":1}' });
      assert.match(answer, /^HTTP\/1.1 200 /);
      const [arrived] = upstream.requests;
      assert.equal(arrived?.body.toString(), '{"a":1}');
      assert.doesNotMatch(arrived?.head ?? '', /upgrade|http2-settings/i);
    });
  }

  it('after an ignored offer the connection goes on', async () => {
    const client = await rawClient(gateway.port);
    const lines = ['Connection: Upgrade', 'Upgrade: h2c', 'Content-Length: 2'];
    for (let count = 1; count <= 3; count += 1) {
      client.write(`${requestHead(gateway, 'POST /v1/responses', lines)}{}`);
      await client.until(received => received.toString().split('{"ok":1}').length > count);
    }
    assert.equal(upstream.requests.length, 3);
    client.socket.destroy();
  });
});
