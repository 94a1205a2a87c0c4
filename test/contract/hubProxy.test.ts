import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { inspect } from 'node:util';
import { proxyFromEnvironment } from '../../src/hub/proxy.ts';
import { startCompanyProxy } from './companyProxy.ts';
import { failure, json, listen, type TestServer, tapped } from './hubServer.ts';
import { selfSigned } from './selfSigned.ts';

interface Proxy {
  readonly url: string;
  /** `host:port` of each CONNECT. */
  readonly connects: string[];
  readonly credentials: (string | undefined)[];
  close(): void;
}

/** Answers every CONNECT with a tunnel to `target`. */
async function startProxy(target: string, status = 200): Promise<Proxy> {
  const connects: string[] = [];
  const credentials: Proxy['credentials'] = [];
  const server = createServer();
  server.on('connect', (request: IncomingMessage, socket) => {
    connects.push(request.url ?? '');
    credentials.push(request.headers['proxy-authorization']);
    socket.on('error', () => {});
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const { port } = new URL(target);
    const upstream = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(socket);
      socket.pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connects,
    credentials,
    close: () => server.close(),
  };
}

describe('hub HTTP through a proxy', () => {
  let hub: TestServer;
  let proxy: Proxy;
  before(async () => {
    hub = await listen(json(200, { ok: true }), createTlsServer(selfSigned));
    proxy = await startProxy(hub.url);
  });
  after(async () => {
    proxy.close();
    await hub.close();
  });

  it('tunnels https, and shows the proxy only the host', async () => {
    const http = tapped({ proxy: { httpsProxy: proxy.url }, strictSSL: false });
    assert.deepEqual(await http.getJson('https://hub.test/api/x', { token: 'hf_abcdefghijkl' }), {
      ok: true,
    });
    assert.deepEqual(proxy.connects, ['hub.test:443']);
    await http.close();
  });

  it('accepts a proxy without a scheme', async () => {
    const http = tapped({ proxy: { httpProxy: new URL(proxy.url).host }, strictSSL: false });
    assert.deepEqual(await http.getJson('https://hub.test/api/x'), { ok: true });
    await http.close();
  });

  it("still checks the server's certificate", async () => {
    const http = tapped({ proxy: { httpProxy: proxy.url } });
    await failure(http.getJson('https://hub.test/api/x'), 'tls');
    await http.close();
  });

  it('sends the proxy the user name and password of its URL', async () => {
    const url = proxy.url.replace('//', '//ada:s%C3%BC@');
    const http = tapped({ proxy: { httpsProxy: url }, strictSSL: false });
    await http.getJson('https://hub.test/api/x');
    assert.equal(proxy.credentials.at(-1), `Basic ${Buffer.from('ada:sü').toString('base64')}`);
    await http.close();
  });

  it('sends the configured authorization to the proxy only', async () => {
    const authorization = 'Negotiate c2VjcmV0';
    const url = proxy.url.replace('//', '//ada:other@');
    const http = tapped({ proxy: { httpsProxy: url, authorization }, strictSSL: false });
    await http.getJson('https://hub.test/api/x');
    assert.equal(proxy.credentials.at(-1), authorization);
    assert.ok(!JSON.stringify(hub.requests.at(-1)?.rawHeaders).includes('c2VjcmV0'));
    await http.close();
  });

  it('goes direct to the hosts of noProxy and to this machine', async () => {
    const before = proxy.connects.length;
    const http = tapped({
      proxy: { httpsProxy: proxy.url, noProxy: 'other.example, .invalid' },
      strictSSL: false,
    });
    assert.deepEqual(await http.getJson(hub.url), { ok: true });
    await failure(http.getJson('https://hub.invalid/api/x', { timeoutMs: 9_000 }), 'dns');
    assert.equal(proxy.connects.length, before);
    await http.close();
  }).timeout(10_000);

  it('keeps plain http to this machine, with its token, away from the proxy, however the host is written', async () => {
    const plain = await listen(json(200, { ok: true }));
    const company = await startCompanyProxy({ target: Number(new URL(plain.url).port) });
    const http = tapped({ proxy: { httpProxy: company.url, noProxy: 'other.example' } });
    try {
      const { port } = new URL(plain.url);
      for (const host of [
        '127.0.0.1',
        '127.0.0.2',
        '127.1',
        '[::1]',
        'localhost',
        'a.localhost',
        'LOCALHOST',
      ]) {
        // nothing may listen there
        await http.getJson(`http://${host}:${port}/`, { token: 'hf_abcdefghijkl' }).catch(() => undefined);
      }
      assert.deepEqual(company.heads, []);
      assert.deepEqual([...new Set(plain.requests.map(({ headers }) => headers.host))].sort(), [
        `127.0.0.1:${port}`,
        `a.localhost:${port}`,
        `localhost:${port}`,
      ]);
    } finally {
      await http.close();
      await Promise.all([company.close(), plain.close()]);
    }
  });

  it('names a failing proxy in the error, without its password', async () => {
    const refusing = await startProxy(hub.url, 407);
    const dead = 'http://ada:secret@127.0.0.1:1';
    for (const httpsProxy of [
      refusing.url.replace('//', '//ada:secret@'),
      dead,
      'http://ada:secret@',
      'gopher://ada:secret@a',
    ]) {
      const http = tapped({ proxy: { httpsProxy }, strictSSL: false });
      const error = await failure(http.getJson('https://hub.test/api/x'), 'unreachable');
      assert.ok(!inspect(error).includes('secret'), inspect(error));
      await http.close();
    }
    refusing.close();
  });

  it('reads the proxy from the usual environment variables', () => {
    assert.deepEqual(
      proxyFromEnvironment({
        HTTPS_PROXY: 'http://a',
        http_proxy: 'http://b',
        HTTP_PROXY: 'http://c',
        NO_PROXY: 'd',
      }),
      { httpProxy: 'http://b', httpsProxy: 'http://a', noProxy: 'd' },
    );
  });
});
