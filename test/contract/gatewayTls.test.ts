import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createServer } from 'node:https';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { authority, expired, ofAnotherHost, vouchedFor } from './companyCertificates.ts';
import { startCompanyProxy } from './companyProxy.ts';
import { type GatewayChild, gatewayChildren, token } from './gatewayChild.ts';
import { json, listen, type TestServer } from './hubServer.ts';
import { runCli, temporaryFolder } from './runCli.ts';
import { chat, configTo, errorOf } from './testGateway.ts';

const unknownAuthority = [
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  /authority to the system's or to NODE_EXTRA_CA_CERTS\.$/,
] as const;

describe('gateway, certificates:', function () {
  this.timeout(30_000);
  const children = gatewayChildren();
  const { folder, clean } = temporaryFolder();
  const NODE_EXTRA_CA_CERTS = path.join(folder, 'company.pem');
  const servers: TestServer[] = [];

  before(() => fs.writeFileSync(NODE_EXTRA_CA_CERTS, authority));
  after(async () => {
    await children.clean();
    await Promise.all(servers.map(server => server.close()));
    clean();
  });

  async function serverWith(certificate: { key: string; cert: string }): Promise<TestServer> {
    const server = await listen(json(200, { object: 'chat.completion' }), createServer(certificate));
    servers.push(server);
    return server;
  }

  async function assertServed(gateway: GatewayChild, server: TestServer): Promise<void> {
    const response = await chat(gateway);
    assert.equal(response.status, 200, await response.clone().text());
    assert.deepEqual(await response.json(), { object: 'chat.completion' });
    const { headers } = server.requests.at(-1)!;
    assert.equal(headers.authorization, `Bearer ${token}`);
  }

  async function assertUntrusted(
    gateway: GatewayChild,
    server: TestServer,
    reason: string,
    advice: RegExp,
  ): Promise<void> {
    const response = await chat(gateway);
    assert.equal(response.status, 502);
    const { code, message, text } = await errorOf(response);
    assert.equal(code, 'upstream_certificate');
    assert.equal(message.split('. ')[0], `The certificate of ${server.url} can't be trusted (${reason})`);
    assert.match(message, advice);
    assert.ok(!text.includes(token));
    assert.equal(server.requests.length, 0, 'no request goes to an untrusted server');
  }

  it('NODE_EXTRA_CA_CERTS: a private authority is trusted', async () => {
    const server = await serverWith(vouchedFor);
    const gateway = await children.start({
      HEADROOM_HUB_URL: server.url,
      HEADROOM_ROUTER_URL: server.url,
      NODE_EXTRA_CA_CERTS,
    });
    await assertServed(gateway, server);
    assert.equal(await gateway.end(), 0);
  });

  it('NODE_EXTRA_CA_CERTS: a private authority is trusted through a proxy', async () => {
    const server = await serverWith(vouchedFor);
    const proxy = await startCompanyProxy({ target: Number(new URL(server.url).port) });
    const gateway = await children.start({
      HEADROOM_HUB_URL: 'https://hub.test',
      HEADROOM_ROUTER_URL: 'https://router.test',
      HTTPS_PROXY: proxy.url,
      NODE_EXTRA_CA_CERTS,
    });
    await assertServed(gateway, server);
    assert.equal(server.requests.at(-1)?.headers.host, 'router.test');
    const socket = server.requests.at(-1)?.socket as TLSSocket & { servername: string };
    assert.equal(socket.servername, 'router.test');
    await gateway.end();
    await proxy.close();
  });

  it('an untrusted certificate gets a 502, and nothing is sent', async () => {
    const server = await serverWith(vouchedFor);
    const gateway = await children.fork({}, configTo(server.url, { token }));
    await assertUntrusted(gateway, server, ...unknownAuthority);
    await gateway.end();
  });

  it("an untrusted certificate gets a 502 in the Hub's error format", async () => {
    const server = await serverWith(vouchedFor);
    const gateway = await children.fork({}, configTo(server.url, { token }));
    const response = await fetch(`${gateway.url}/hub/api/models`, {
      headers: { authorization: `Bearer ${gateway.key}` },
    });
    assert.equal(response.status, 502);
    assert.equal(response.headers.get('x-error-code'), 'upstream_certificate');
    const { error } = (await response.json()) as { error: string };
    assert.equal(response.headers.get('x-error-message'), error);
    assert.match(error, /NODE_EXTRA_CA_CERTS/);
    await gateway.end();
  });

  it('an expired certificate gets a 502 that says so', async () => {
    const server = await serverWith(expired);
    const gateway = await children.fork({}, configTo(server.url, { token }), { NODE_EXTRA_CA_CERTS });
    await assertUntrusted(gateway, server, 'CERT_HAS_EXPIRED', /Check this machine's clock/);
    await gateway.end();
  });

  it('a certificate for another host gets a 502 that says so', async () => {
    const server = await serverWith(ofAnotherHost);
    const gateway = await children.fork({}, configTo(server.url, { token }), { NODE_EXTRA_CA_CERTS });
    await assertUntrusted(gateway, server, 'ERR_TLS_CERT_ALTNAME_INVALID', /another host: check the URL/);
    await gateway.end();
  });

  it('a certificate for another host behind a proxy gets a 502 that says so', async () => {
    const server = await serverWith(ofAnotherHost);
    const proxy = await startCompanyProxy({ target: Number(new URL(server.url).port) });
    const network = { proxy: { httpsProxy: proxy.url } };
    const config = configTo('https://router.test', { token });
    const gateway = await children.fork(network, config, { NODE_EXTRA_CA_CERTS });
    const { code, message } = await errorOf(await chat(gateway));
    assert.equal(code, 'upstream_certificate');
    assert.match(
      message,
      /^The certificate of https:\/\/router\.test can't be trusted \(ERR_TLS_CERT_ALTNAME/,
    );
    assert.equal(server.requests.length, 0);
    await gateway.end();
    await proxy.close();
  });

  it('http.proxyStrictSSL off: any certificate is accepted from then on', async () => {
    const server = await serverWith(expired);
    const config = configTo(server.url, { token });
    const gateway = await children.fork({}, config);
    await assertUntrusted(gateway, server, 'CERT_HAS_EXPIRED', /clock/);
    gateway.configure({ strictSSL: false }, config);
    for (let tries = 0; tries < 200 && server.requests.length === 0; tries++) {
      await (await chat(gateway)).text();
    }
    await assertServed(gateway, server);
    await gateway.end();
  });

  it('a missing NODE_EXTRA_CA_CERTS file is ignored', async () => {
    const server = await serverWith(vouchedFor);
    const missing = path.join(folder, 'no-such.pem');
    const gateway = await children.fork({}, configTo(server.url, { token }), {
      NODE_EXTRA_CA_CERTS: missing,
    });
    await assertUntrusted(gateway, server, ...unknownAuthority);
    await gateway.end();
  });

  it('a server without TLS gets a 502 that says so', async () => {
    const plain = await listen(json(200, {}));
    servers.push(plain);
    const url = plain.url.replace('http:', 'https:');
    const gateway = await children.fork({}, configTo(url, { token }));
    const { code, message } = await errorOf(await chat(gateway));
    assert.deepEqual([code, plain.requests.length], ['upstream_certificate', 0], message);
    assert.match(message, /No TLS was agreed on: check the URL/);
    await gateway.end();
  });

  it('an http:// router URL is refused at the start', async () => {
    const { code, stderr } = await runCli(['gateway', '--json'], {
      environment: { HEADROOM_ROUTER_URL: 'http://router.test', HF_TOKEN: token },
      home: folder,
    });
    assert.equal(code, 2);
    assert.match(stderr, /^headroom: HEADROOM_ROUTER_URL must begin with https:\/\//);
    assert.ok(!stderr.includes(token));
  });
});
