import assert from 'node:assert/strict';
import { type GatewayChildren, gatewayChildren } from './gatewayChild.ts';
import { rawClient, requestHead } from './rawClient.ts';
import { type RawUpstream, rawUpstream } from './rawUpstream.ts';
import { configTo } from './testGateway.ts';

describe('gateway process after the editor has exited:', function () {
  this.timeout(20_000);
  let upstream: RawUpstream;
  let children: GatewayChildren;
  beforeEach(async () => {
    // no response at all, also none for the list of prices
    upstream = await rawUpstream(() => {});
    children = gatewayChildren();
  });
  afterEach(async () => {
    await children.clean();
    await upstream.close();
  });

  const post = (gateway: { port: number; key: string }, length: number, body: string) => {
    const headers = ['Content-Type: application/json', `Content-Length: ${length}`];
    return requestHead(gateway, 'POST /v1/chat/completions', headers) + body;
  };

  it('it exits within 4 s while a refused upload is still open', async () => {
    const gateway = await children.fork({}, configTo(upstream.url));
    const client = await rawClient(gateway.port);
    client.write(post({ ...gateway, key: 'wrong' }, 1000, '{'));
    await client.until('key_invalid');
    const before = Date.now();
    assert.equal(await gateway.end(), 0);
    assert.ok(Date.now() - before < 4_000, `${Date.now() - before} ms`);
    client.socket.destroy();
  });

  it('it exits within 4 s after a client has reset its connection', async () => {
    const gateway = await children.fork({}, configTo(upstream.url));
    const client = await rawClient(gateway.port);
    client.write(post(gateway, 2, '{}'));
    while (!upstream.requests.some(({ head }) => head.startsWith('POST'))) {
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    client.socket.resetAndDestroy();
    const before = Date.now();
    assert.equal(await gateway.end(), 0);
    assert.ok(Date.now() - before < 4_000, `${Date.now() - before} ms`);
  });
});
