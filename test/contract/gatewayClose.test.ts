import assert from 'node:assert/strict';
import { type GatewayChildren, gatewayChildren } from './gatewayChild.ts';
import { rawClient, rawPost } from './rawClient.ts';
import { type RawRequest, type RawUpstream, rawUpstream } from './rawUpstream.ts';
import { configTo, gatewayTo, type TestGateway } from './testGateway.ts';

describe('gateway close:', () => {
  let answer: (request: RawRequest) => void;
  let upstream: RawUpstream;
  let gateway: TestGateway;

  beforeEach(async () => {
    upstream = await rawUpstream(request => answer(request));
    gateway = await gatewayTo(upstream.url);
  });
  afterEach(async () => {
    await gateway.stop();
    await upstream.close();
  });

  it('requests in flight end and are recorded, new ones are not accepted', async () => {
    let finish = () => {};
    const arrived = new Promise<void>(resolve => {
      answer = ({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
        finish = () => socket.write('2\r\nhi\r\n0\r\n\r\n');
        resolve();
      };
    });
    const client = await rawClient(gateway.port);
    client.write(rawPost(gateway));
    await arrived;
    const idle = await rawClient(gateway.port);
    const closed = gateway.close(60_000);
    await idle.ended();
    await assert.rejects(fetch(`${gateway.url}/v1/models`));
    client.write(rawPost(gateway));
    finish();
    const all = (await client.ended()).toString();
    assert.match(all, /2\r\nhi\r\n0\r\n\r\n/);
    assert.match(all.slice(10), /HTTP\/1\.1 503 [\s\S]*gateway_closing/);
    await closed;
    assert.equal(gateway.tallies.length, 1);
  });

  it('requests still open after the grace period are cut off', async () => {
    answer = ({ socket }) => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n');
    const client = await rawClient(gateway.port);
    client.write(rawPost(gateway));
    await client.until('\r\na\r\n');
    await gateway.close(10);
    assert.doesNotMatch((await client.ended()).toString(), /0\r\n\r\n$/);
  });
});

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

  it('it exits within 4 s while a refused upload is still open', async () => {
    const gateway = await children.fork({}, configTo(upstream.url));
    const client = await rawClient(gateway.port);
    client.write(rawPost({ ...gateway, key: 'wrong' }, { body: '{', length: 1000 }));
    await client.until('key_invalid');
    const before = Date.now();
    assert.equal(await gateway.end(), 0);
    assert.ok(Date.now() - before < 4_000, `${Date.now() - before} ms`);
    client.socket.destroy();
  });

  it('it exits within 4 s after a client has reset its connection', async () => {
    const gateway = await children.fork({}, configTo(upstream.url));
    const client = await rawClient(gateway.port);
    client.write(rawPost(gateway));
    while (!upstream.requests.some(({ head }) => head.startsWith('POST'))) {
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    client.socket.resetAndDestroy();
    const before = Date.now();
    assert.equal(await gateway.end(), 0);
    assert.ok(Date.now() - before < 4_000, `${Date.now() - before} ms`);
  });
});
