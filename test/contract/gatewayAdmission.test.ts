import assert from 'node:assert/strict';
import { type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { assertRefused, bearer, host, type RawCase, sendCase } from './refusedRequest.ts';
import { gatewayTo, key, type TestGateway } from './testGateway.ts';

const other = `hf_headroom_${'x'.repeat(key.length - 12)}`;

const badCredentials: readonly RawCase[] = [
  { name: 'no credential', headers: [host], status: 401 },
  { name: 'an empty Authorization', headers: [host, 'Authorization:'], status: 401 },
  { name: 'a scheme alone', headers: [host, 'Authorization: Bearer'], status: 401 },
  { name: 'the key without a scheme', headers: [host, `Authorization: ${key}`], status: 401 },
  { name: 'the key as Basic', headers: [host, `Authorization: Basic ${btoa(`:${key}`)}`], status: 401 },
  { name: 'the key as Token', headers: [host, `Authorization: Token ${key}`], status: 401 },
  { name: 'the key as Key', headers: [host, `Authorization: Key ${key}`], status: 401 },
  { name: 'another key of the same length', headers: [host, `Authorization: Bearer ${other}`], status: 401 },
  {
    name: 'the key without its last character',
    headers: [host, `Authorization: Bearer ${key.slice(0, -1)}`],
    status: 401,
  },
  { name: 'the key with one more character', headers: [host, `Authorization: Bearer ${key}y`], status: 401 },
  {
    name: 'the first half of the key',
    headers: [host, `Authorization: Bearer ${key.slice(0, 20)}`],
    status: 401,
  },
  { name: 'the prefix alone', headers: [host, 'Authorization: Bearer hf_headroom_'], status: 401 },
  { name: 'the key in capitals', headers: [host, `Authorization: Bearer ${key.toUpperCase()}`], status: 401 },
  { name: 'the key twice', headers: [host, `Authorization: Bearer ${key} ${key}`], status: 401 },
  { name: 'the key with a comma', headers: [host, `Authorization: Bearer ${key},x`], status: 401 },
  { name: 'the key in quotes', headers: [host, `Authorization: Bearer "${key}"`], status: 401 },
  {
    name: 'a NUL as the last byte',
    headers: [host, `Authorization: Bearer ${key.slice(0, -1)}\0`],
    status: 400,
  },
  {
    name: 'a non-ASCII byte after the key',
    headers: [host, `Authorization: Bearer ${key}\xff`],
    status: 401,
  },
  {
    name: 'a key of OpenAI',
    headers: [host, 'Authorization: Bearer sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
    status: 401,
  },
  { name: 'hf_ alone', headers: [host, 'Authorization: Bearer hf_'], status: 401 },
  {
    name: 'a token with other characters',
    headers: [host, 'Authorization: Bearer hf_abcd"efgh'],
    status: 401,
  },
  {
    name: 'a token of 5,000 characters',
    headers: [host, `Authorization: Bearer hf_${'a'.repeat(5000)}`],
    status: 401,
  },
  { name: 'the word undefined', headers: [host, 'Authorization: Bearer undefined'], status: 401 },
  { name: 'a long credential', headers: [host, `Authorization: Bearer ${'a'.repeat(4000)}`], status: 401 },
  {
    name: 'Authorization twice, wrong and right',
    headers: [host, `Authorization: Bearer ${other}`, bearer],
    status: 400,
  },
  {
    name: 'Authorization twice, right and wrong',
    headers: [host, bearer, `Authorization: Bearer ${other}`],
    status: 400,
  },
  { name: 'the key as a cookie', headers: [host, `Cookie: authorization=${key}`], status: 401 },
  {
    name: 'the key as a query parameter',
    line: `GET /v1/models?key=${key} HTTP/1.1`,
    headers: [host],
    status: 401,
  },
  {
    name: 'the key as user info of the URL',
    line: `GET http://${key}@127.0.0.1:PORT/v1/models HTTP/1.1`,
    headers: [host],
    status: 401,
  },
  {
    name: 'the key as Proxy-Authorization',
    headers: [host, `Proxy-Authorization: Bearer ${key}`],
    status: 401,
  },
  { name: 'x-api-key on another path than /v1/messages', headers: [host, `x-api-key: ${key}`], status: 401 },
  {
    name: 'a wrong x-api-key on /v1/messages',
    line: 'GET /v1/messages HTTP/1.1',
    headers: [host, `x-api-key: ${other}`],
    status: 401,
  },
  {
    name: 'a wrong x-api-key on /messages',
    line: 'GET /messages HTTP/1.1',
    headers: [host, `x-api-key: ${other}`],
    status: 401,
  },
  {
    name: 'x-api-key on a path with the prefix /messages',
    line: 'GET /messagesque HTTP/1.1',
    headers: [host, `x-api-key: ${key}`],
    status: 401,
  },
  {
    name: 'two x-api-keys',
    line: 'GET /v1/messages HTTP/1.1',
    headers: [host, `x-api-key: ${key}`, `x-api-key: ${key}`],
    status: 400,
  },
  {
    name: 'a wrong bearer token with the right x-api-key',
    line: 'GET /v1/messages HTTP/1.1',
    headers: [host, `Authorization: Bearer ${other}`, `x-api-key: ${key}`],
    status: 401,
  },
];

const foreignHosts: readonly RawCase[] = [
  {
    name: 'a foreign Host (DNS rebinding)',
    headers: ['Host: evil.example:PORT', bearer],
    status: 403,
  },
  { name: 'a foreign host without a port', headers: ['Host: evil.example', bearer], status: 403 },
  { name: 'the host without its port', headers: ['Host: 127.0.0.1', bearer], status: 403 },
  { name: 'another port', headers: ['Host: 127.0.0.1:1', bearer], status: 403 },
  { name: 'a subdomain of localhost', headers: ['Host: evil.localhost:PORT', bearer], status: 403 },
  { name: 'localhost with a trailing dot', headers: ['Host: localhost.:PORT', bearer], status: 403 },
  { name: 'another notation of 127.0.0.1', headers: ['Host: 127.1:PORT', bearer], status: 403 },
  { name: 'the address of all interfaces', headers: ['Host: 0.0.0.0:PORT', bearer], status: 403 },
  { name: 'IPv6', headers: ['Host: [::1]:PORT', bearer], status: 403 },
  { name: 'user info in Host', headers: ['Host: a@127.0.0.1:PORT', bearer], status: 403 },
  { name: 'two hosts', headers: [host, 'Host: evil.example', bearer], status: 400 },
  { name: 'an empty host', headers: ['Host:', bearer], status: 403 },
  { name: 'no host', headers: [bearer], status: 403 },
  { name: 'Origin of a web page', headers: [host, bearer, 'Origin: https://evil.example'], status: 403 },
  { name: 'Origin null', headers: [host, bearer, 'Origin: null'], status: 403 },
  {
    name: "Origin of the gateway's own address",
    headers: [host, bearer, 'Origin: http://127.0.0.1:PORT'],
    status: 403,
  },
  { name: 'Origin of a webview', headers: [host, bearer, 'Origin: vscode-webview://1'], status: 403 },
  {
    name: 'a preflight',
    line: 'OPTIONS /v1/models HTTP/1.1',
    headers: [host, 'Origin: https://evil.example', 'Access-Control-Request-Method: POST'],
    status: 403,
  },
];

describe('gateway admission:', () => {
  let upstream: RawUpstream;
  let gateway: TestGateway;
  let cookies = '';

  before(async () => {
    upstream = await rawUpstream(({ socket }) =>
      socket.write(response(200).replace('\r\n', `\r\n${cookies}`)),
    );
    gateway = await gatewayTo(upstream.url);
  });
  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  it('more than 50 invalid requests are tested', () => {
    assert.ok(badCredentials.length + foreignHosts.length >= 50);
  });

  for (const request of badCredentials) {
    it(`refused without the right key: ${request.name}`, () => assertRefused(gateway, upstream, request));
  }
  for (const request of foreignHosts) {
    it(`refused with the right key: ${request.name}`, () => assertRefused(gateway, upstream, request));
  }

  it('a refused request is not recorded', () => {
    assert.deepEqual(gateway.tallies, []);
    assert.deepEqual(gateway.lines, []);
  });

  for (const [name, request] of Object.entries({
    'the key as bearer token': { headers: [host, bearer] },
    'Host localhost': { headers: ['Host: localhost:PORT', bearer] },
    'the scheme bearer in lower case': { headers: [host, `authorization: bearer ${key}`] },
    'x-api-key on /v1/messages': {
      line: 'POST /v1/messages HTTP/1.1',
      headers: [host, `x-api-key: ${key}`, 'Content-Length: 0'],
    },
    'x-api-key on /messages, the path of @ai-sdk/anthropic': {
      line: 'POST /messages HTTP/1.1',
      headers: [host, `x-api-key: ${key}`, 'Content-Length: 0'],
    },
  })) {
    it(`admitted, with the user's token upstream: ${name}`, async () => {
      assert.match(await sendCase(gateway, request), /^HTTP\/1.1 200 /);
      const { head } = upstream.requests.at(-1)!;
      assert.match(head, /^authorization: Bearer hf_developers$/m);
      assert.doesNotMatch(head, /headroom|x-api-key|upgrade|localhost/i);
      assert.doesNotMatch(head, new RegExp(`:${gateway.port}\\b`));
    });
  }

  it("a client's own hf_ token is forwarded in place of the user's", async () => {
    assert.match(
      await sendCase(gateway, { headers: [host, 'Authorization: Bearer hf_callersOwn'] }),
      /^HTTP\/1.1 200 /,
    );
    const { head } = upstream.requests.at(-1)!;
    assert.match(head, /^authorization: Bearer hf_callersOwn$/m);
    assert.doesNotMatch(head, /hf_developers/);
  });

  it('an hf_oauth_ token with a JWT is forwarded', async () => {
    const token = 'hf_oauth_eyJhbGciOi.J9-_~+/.c2ln==';
    assert.match(
      await sendCase(gateway, { headers: [host, `Authorization: Bearer ${token}`] }),
      /^HTTP\/1.1 200 /,
    );
    assert.ok(upstream.requests.at(-1)!.head.endsWith(`\r\nauthorization: Bearer ${token}`));
  });

  it('cookies are removed in both directions', async () => {
    const headers = [host, bearer, 'Cookie: session=1'];
    cookies = 'Set-Cookie: a=1\r\nset-cookie: b=2\r\n';
    for (const line of ['GET /v1/models HTTP/1.1', 'GET /hub/api HTTP/1.1', 'GET /router/groq/x HTTP/1.1']) {
      assert.doesNotMatch(await sendCase(gateway, { line, headers }), /cookie/i);
      assert.doesNotMatch(upstream.requests.at(-1)!.head, /cookie/i);
    }
  });
});
