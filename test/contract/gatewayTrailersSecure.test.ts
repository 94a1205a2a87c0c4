import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Network } from '../../src/gateway/processMessages.ts';
import { type CompanyProxy, startCompanyProxy } from './companyProxy.ts';
import { type GatewayChild, gatewayChildren, token } from './gatewayChild.ts';
import { listen, type TestServer } from './hubServer.ts';
import { rawClient } from './rawClient.ts';
import { selfSigned } from './selfSigned.ts';
import { configTo } from './testGateway.ts';
import { chunk, headOf } from './trailersRig.ts';

/** What came, when all of it has come. */
function tell(request: IncomingMessage, response: ServerResponse): void {
  request.resume().on('end', () => {
    const { headers, rawTrailers } = request;
    response.end(JSON.stringify([headers.host, headers.trailer, headers['x-other'], rawTrailers]));
  });
}

describe('trailers over TLS and through proxies', function () {
  this.timeout(30_000);
  const children = gatewayChildren();
  let secure: TestServer;
  let plain: TestServer;
  const proxies: CompanyProxy[] = [];

  before(async () => {
    secure = await listen(tell, createServer(selfSigned));
    plain = await listen(tell);
  });
  after(async () => {
    await children.clean();
    await Promise.all([...proxies, secure, plain].map(one => one.close()));
  });

  const proxyTo = async (server: TestServer, account?: string) => {
    const proxy = await startCompanyProxy({ target: Number(new URL(server.url).port), account });
    proxies.push(proxy);
    return proxy;
  };
  const gatewayTo = (origin: string, network: Network) =>
    children.fork({ strictSSL: false, ...network }, configTo(origin, { token }));
  const ask = async (gateway: GatewayChild, type: string) => {
    const client = await rawClient(gateway.port);
    const headers = [`Content-Type: ${type}`, 'X-Other: 1', 'Connection: close', 'Trailer: X-Checksum'];
    client.write(`${headOf(gateway, headers)}${chunk('{}')}0\r\nX-Checksum: abc\r\n\r\n`);
    return (await client.ended()).toString();
  };
  const told = (host: string) => JSON.stringify([host, 'X-Checksum', '1', ['X-Checksum', 'abc']]);

  for (const type of ['application/json', 'audio/wav']) {
    it(`go on over TLS (${type})`, async () => {
      const gateway = await gatewayTo(secure.url, {});
      const answer = await ask(gateway, type);
      assert.ok(answer.endsWith(told(new URL(secure.url).host)), answer);
      await gateway.end();
    });

    for (const protocol of ['https', 'http']) {
      it(`go on through a proxy, by ${protocol} (${type})`, async () => {
        const proxy = await proxyTo(protocol === 'https' ? secure : plain);
        const gateway = await gatewayTo(`${protocol}://hub.test`, { proxy: { httpProxy: proxy.url } });
        for (let time = 0; time < 2; time++) {
          const answer = await ask(gateway, type);
          assert.ok(answer.endsWith(told('hub.test')), answer);
        }
        assert.ok(proxy.connects.length > 0);
        await gateway.end();
      });
    }

    it(`go on past a proxy (${type})`, async () => {
      const proxy = await proxyTo(plain);
      const gateway = await gatewayTo(plain.url, { proxy: { httpProxy: proxy.url } });
      const answer = await ask(gateway, type);
      assert.ok(answer.endsWith(told(new URL(plain.url).host)), answer);
      assert.deepEqual(proxy.connects, []);
      await gateway.end();
    });
  }

  it('a proxy that refuses is told of as ever', async () => {
    const proxy = await proxyTo(secure, 'ada:s3cr3t');
    const gateway = await gatewayTo('https://hub.test', { proxy: { httpProxy: proxy.url } });
    assert.match(await ask(gateway, 'audio/wav'), /^HTTP\/1\.1 502 [\s\S]*"proxy_refused"/);
    await gateway.end();
  });
});
