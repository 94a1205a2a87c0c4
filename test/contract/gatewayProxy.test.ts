import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Network } from '../../src/gateway/processMessages.ts';
import { type CompanyProxy, startCompanyProxy } from './companyProxy.ts';
import { type GatewayChild, gatewayChildren, token } from './gatewayChild.ts';
import { json, listen, type TestServer } from './hubServer.ts';
import { selfSigned } from './selfSigned.ts';
import { chat, configTo, errorOf } from './testGateway.ts';

const account = 'ada:s3cr3tPässword';
const insecure = { strictSSL: false };

describe('gateway behind a proxy:', function () {
  this.timeout(30_000);
  const children = gatewayChildren();
  let upstream: TestServer;
  let proxy: CompanyProxy;
  let guarded: CompanyProxy;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  before(async () => {
    upstream = await listen((request, response) => answer(request, response), createServer(selfSigned));
    const target = Number(new URL(upstream.url).port);
    proxy = await startCompanyProxy({ target });
    guarded = await startCompanyProxy({ target, account });
  });
  after(async () => {
    await children.clean();
    await Promise.all([proxy.close(), guarded.close(), upstream.close()]);
  });
  beforeEach(() => {
    answer = json(200, { object: 'chat.completion' });
    for (const { connects, credentials, heads } of [proxy, guarded]) {
      for (const list of [connects, credentials, heads]) list.length = 0;
    }
    upstream.requests.length = 0;
  });

  /** Reachable through the proxies only: `.test` is in no DNS. */
  const config = configTo('https://hub.test', { token });
  const withAccount = () => guarded.url.replace('//', `//${encodeURI(account)}@`);
  const through = (httpProxy: string, more: Partial<Network> = {}) =>
    children.fork({ ...insecure, proxy: { httpProxy }, ...more }, config);
  const startInTerminal = (environment: Record<string, string>) =>
    children.start({
      HEADROOM_HUB_URL: 'https://hub.test',
      HEADROOM_ROUTER_URL: 'https://hub.test',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      ...environment,
    });
  /** Without the gateway's own requests for prices. */
  const chats = () => upstream.requests.filter(({ url }) => url?.includes('chat'));

  async function assertServed(gateway: GatewayChild): Promise<void> {
    const response = await chat(gateway);
    assert.equal(response.status, 200, await response.clone().text());
    assert.equal(await response.text(), '{"object":"chat.completion"}');
    assert.equal(chats().at(-1)?.headers.authorization, `Bearer ${token}`);
    assert.equal(chats().at(-1)?.headers.host, 'hub.test');
  }

  async function assertRefused(gateway: GatewayChild, code: string, sentence: RegExp): Promise<void> {
    const response = await chat(gateway);
    assert.equal(response.status, 502);
    const headers = JSON.stringify([...response.headers]);
    const error = await errorOf(response);
    assert.equal(error.code, code, error.text);
    assert.match(error.message, sentence);
    assert.equal(upstream.requests.length, 0);
    for (const secret of [token, gateway.key, 's3cr3t']) {
      assert.ok(!(error.text + headers + seenByProxies()).includes(secret), secret);
    }
    const later = gateway.output().split('\n').slice(1).join('\n');
    for (const secret of [token, 's3cr3t']) assert.ok(!later.includes(secret), later);
  }
  const seenByProxies = () => JSON.stringify([proxy.heads, guarded.heads]);

  it('http.proxy: the proxy sees only the host', async () => {
    const gateway = await through(proxy.url);
    await assertServed(gateway);
    assert.ok(proxy.connects.every(host => host === 'hub.test:443'));
    assert.ok(!seenByProxies().includes('hf_'), seenByProxies());
    assert.equal(await gateway.end(), 0);
  });

  it('user and password of http.proxy go only to the proxy', async () => {
    const gateway = await through(withAccount());
    await assertServed(gateway);
    const basic = `Basic ${Buffer.from(account).toString('base64')}`;
    assert.equal(guarded.credentials.at(-1), basic);
    assert.ok(!JSON.stringify(chats().at(-1)?.rawHeaders).includes(basic));
    assert.ok(!gateway.output().includes('s3cr3t'));
    await gateway.end();
  });

  it('http.proxyAuthorization goes only to the proxy', async () => {
    const authorization = `Basic ${Buffer.from(account).toString('base64')}`;
    const gateway = await through(guarded.url, { proxy: { httpProxy: guarded.url, authorization } });
    await assertServed(gateway);
    assert.equal(guarded.credentials.at(-1), authorization);
    assert.ok(!JSON.stringify(upstream.requests.map(({ rawHeaders }) => rawHeaders)).includes(authorization));
    assert.ok(!gateway.output().includes(authorization));
    // an invalid header value is not in the error either
    const proxy = { httpProxy: guarded.url, authorization: 'Basic s3cr3t\nX-A: b' };
    gateway.configure({ ...insecure, proxy }, config);
    await untilStatus(gateway, 502);
    assert.ok(!(gateway.output() + (await (await chat(gateway)).text())).includes('s3cr3t'));
    await gateway.end();
  });

  for (const name of ['HTTPS_PROXY', 'https_proxy']) {
    it(`started in a terminal: uses ${name}`, async () => {
      const gateway = await startInTerminal({ [name]: proxy.url });
      await assertServed(gateway);
      assert.ok(proxy.connects.includes('hub.test:443'));
      assert.equal(await gateway.end(), 0);
    });
  }

  for (const [name, value] of [
    ['NO_PROXY', 'other.example, .test'],
    ['no_proxy', 'hub.test'],
    ['NO_PROXY', '*'],
  ] as const) {
    it(`hosts of ${name}=${value} are reached directly`, async () => {
      const gateway = await startInTerminal({ HTTPS_PROXY: proxy.url, [name]: value });
      await assertRefused(
        gateway,
        'upstream_unreachable',
        /^https:\/\/hub\.test can't be reached \(E\w+\)\. Check/,
      );
      assert.deepEqual(proxy.connects, []);
      await gateway.end();
    });
  }

  it('this machine is reached directly', async () => {
    const plain = await listen(json(200, { here: true }), createPlainServer());
    const gateway = await children.fork({ proxy: { httpProxy: proxy.url } }, configTo(plain.url));
    assert.deepEqual(await (await chat(gateway)).json(), { here: true });
    assert.deepEqual(proxy.connects, []);
    await gateway.end();
    await plain.close();
  });

  it('a 407 without a password gets a 502 with a next step', async () => {
    const gateway = await through(guarded.url);
    await assertRefused(
      gateway,
      'proxy_refused',
      /^The proxy wants a user name and a password .*\(407\)\. Write them into/,
    );
    await gateway.end();
  });

  it('a 407 for a wrong password gets a 502 with a next step and without the password', async () => {
    const gateway = await startInTerminal({
      HTTPS_PROXY: guarded.url.replace('//', '//ada:s3cr3tButWrong@'),
    });
    await assertRefused(gateway, 'proxy_refused', /407/);
    await gateway.end();
  });

  it('a proxy that forbids the host gets a 502 with a next step', async () => {
    const strict = await startCompanyProxy({ target: 1, status: 403 });
    const gateway = await through(strict.url);
    await assertRefused(gateway, 'proxy_refused', /proxy .*hub\.test.*403.*\.$/i);
    assert.ok(!JSON.stringify(strict.heads).includes('hf_'));
    await gateway.end();
    await strict.close();
  });

  it('an unreachable proxy gets a 502 with a next step', async () => {
    const gateway = await through('http://ada:s3cr3t@127.0.0.1:1');
    await assertRefused(gateway, 'upstream_unreachable', /ECONNREFUSED.* Check the network and the proxy/);
    await gateway.end();
  });

  it('an invalid proxy URL gets a 502; a corrected one works', async () => {
    const gateway = await through('http://ada:s3cr3t@');
    await assertRefused(gateway, 'proxy_invalid', /The proxy's address is not a URL\. Correct/);
    gateway.configure({ ...insecure, proxy: { httpProxy: proxy.url } }, config);
    await untilStatus(gateway, 200);
    gateway.configure({ ...insecure, proxy: { httpProxy: 'gopher://ada:s3cr3t@a' } }, config);
    await untilStatus(gateway, 502);
    gateway.configure({ ...insecure, proxy: { httpProxy: proxy.url } }, config);
    await untilStatus(gateway, 200);
    await assertServed(gateway);
    assert.ok(!gateway.output().includes('s3cr3t'));
    assert.equal(await gateway.end(), 0);
  });

  it('a changed proxy is used for new requests; an open stream goes on', async () => {
    const gateway = await through(proxy.url);
    let more = () => {};
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
      more = () => response.end('data: [DONE]\n\n');
    };
    const reader = (await chat(gateway, { model: 'acme/Model-7B', stream: true })).body!.getReader();
    await reader.read();
    const end = more;
    gateway.configure({ ...insecure, proxy: { httpProxy: withAccount() } }, config);
    answer = json(200, { object: 'chat.completion' });
    while (guarded.connects.length === 0) await assertServed(gateway);
    end();
    assert.equal(Buffer.from((await reader.read()).value ?? []).toString(), 'data: [DONE]\n\n');
    await gateway.end();
  });

  it('each event of a stream arrives before the next is sent', async () => {
    const gateway = await through(proxy.url);
    const events = Array.from({ length: 20 }, (_, at) => `data: {"at":${at}}\n\n`);
    let next = () => {};
    answer = (_request, response) => {
      let at = 0;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      next = () => void (at < events.length ? response.write(events[at++]) : response.end());
      next();
    };
    const response = await chat(gateway, { model: 'acme/Model-7B', stream: true });
    const seen: string[] = [];
    for await (const chunk of response.body!) {
      seen.push(Buffer.from(chunk).toString());
      next();
    }
    assert.deepEqual(seen, events);
    await gateway.end();
  });

  it('the tunnel ends when the client leaves a stream', async () => {
    const gateway = await through(proxy.url);
    const closed = new Promise<void>(resolve => {
      answer = (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: 1\n\n');
        response.once('close', resolve);
      };
    });
    const reader = (await chat(gateway, { model: 'acme/Model-7B', stream: true })).body!.getReader();
    await reader.read();
    await reader.cancel();
    await closed;
    await gateway.end();
  });

  it('an upload of 100 MB arrives byte for byte', async () => {
    const gateway = await through(proxy.url);
    const part = Buffer.alloc(1024 * 1024, 'one megabyte of sound ');
    const expected = createHash('sha256');
    const arrived = createHash('sha256');
    answer = (request, response) => {
      request.on('data', chunk => arrived.update(chunk));
      request.on('end', () => response.end('{}'));
    };
    async function* body() {
      for (let index = 0; index < 100; index++) {
        part.writeUInt32BE(index);
        expected.update(part);
        yield Uint8Array.from(part);
      }
    }
    const response = await fetch(`${gateway.url}/router/hf-inference/models/acme/asr`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'audio/wav' },
      body: body(),
      duplex: 'half',
    } as RequestInit);
    assert.equal(response.status, 200, await response.text());
    assert.equal(arrived.digest('hex'), expected.digest('hex'));
    await gateway.end();
  });

  async function untilStatus(gateway: GatewayChild, status: number): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      const response = await chat(gateway);
      await response.text();
      if (response.status === status) return;
    }
    assert.fail(`no response with ${status}`);
  }
});
