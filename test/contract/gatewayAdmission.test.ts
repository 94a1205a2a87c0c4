import assert from 'node:assert/strict';
import { sendRaw } from './rawClient.ts';
import { type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { gatewayTo, key, type TestGateway } from './testGateway.ts';

/** `PORT` stands for the gateway's own. */
interface Way {
  readonly name: string;
  readonly line?: string;
  readonly headers?: readonly string[];
  readonly status: number;
}

const host = 'Host: 127.0.0.1:PORT';
const bearer = `Authorization: Bearer ${key}`;
const other = `hf_headroom_${'x'.repeat(key.length - 12)}`;

const without: readonly Way[] = [
  { name: 'no credential', headers: [host], status: 401 },
  { name: 'an empty Authorization', headers: [host, 'Authorization:'], status: 401 },
  { name: 'a scheme alone', headers: [host, 'Authorization: Bearer'], status: 401 },
  { name: 'the key without a scheme', headers: [host, `Authorization: ${key}`], status: 401 },
  { name: 'the key as Basic', headers: [host, `Authorization: Basic ${btoa(`:${key}`)}`], status: 401 },
  { name: 'the key as Token', headers: [host, `Authorization: Token ${key}`], status: 401 },
  { name: 'the key as Key', headers: [host, `Authorization: Key ${key}`], status: 401 },
  { name: 'another key of the same length', headers: [host, `Authorization: Bearer ${other}`], status: 401 },
  { name: 'the key cut by one', headers: [host, `Authorization: Bearer ${key.slice(0, -1)}`], status: 401 },
  { name: 'the key and one more', headers: [host, `Authorization: Bearer ${key}y`], status: 401 },
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

const elsewhere: readonly Way[] = [
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

const right = [host, bearer];
const odd: readonly Way[] = [
  { name: 'an unknown path', line: 'GET / HTTP/1.1', headers: right, status: 404 },
  { name: 'a path with the prefix /v1', line: 'GET /v1x/models HTTP/1.1', headers: right, status: 404 },
  { name: 'a router path without a provider', line: 'GET /router/ HTTP/1.1', headers: right, status: 404 },
  {
    name: 'an absolute target',
    line: 'GET http://evil.example/v1/models HTTP/1.1',
    headers: right,
    status: 400,
  },
  {
    name: 'an absolute target with the gateway’s address',
    line: 'GET http://127.0.0.1:PORT/v1/models HTTP/1.1',
    headers: right,
    status: 400,
  },
  { name: 'dot segments', line: 'GET /v1/../admin HTTP/1.1', headers: right, status: 400 },
  { name: 'encoded dot segments', line: 'GET /v1/%2e%2E/admin HTTP/1.1', headers: right, status: 400 },
  { name: 'dots between encoded slashes', line: 'GET /hub/a%2f..%2fb HTTP/1.1', headers: right, status: 400 },
  { name: 'a backslash', line: 'GET /v1\\models HTTP/1.1', headers: right, status: 400 },
  { name: 'a host after /hub/', line: 'GET /hub//evil.example/x HTTP/1.1', headers: right, status: 400 },
  { name: 'a fragment', line: 'GET /v1/models#x HTTP/1.1', headers: right, status: 400 },
  {
    name: 'a provider with a host',
    line: 'GET /router/evil.example:80/x HTTP/1.1',
    headers: right,
    status: 400,
  },
  { name: 'OPTIONS *', line: 'OPTIONS * HTTP/1.1', headers: right, status: 400 },
  { name: 'CONNECT', line: 'CONNECT evil.example:443 HTTP/1.1', headers: right, status: 405 },
  { name: 'TRACE', line: 'TRACE /v1/models HTTP/1.1', headers: right, status: 405 },
  { name: 'a websocket', headers: [...right, 'Connection: upgrade', 'Upgrade: websocket'], status: 405 },
  {
    name: 'Content-Length and Transfer-Encoding',
    line: 'POST /v1/models HTTP/1.1',
    headers: [...right, 'Content-Length: 5', 'Transfer-Encoding: chunked'],
    status: 400,
  },
  {
    name: 'two Content-Lengths',
    line: 'POST /v1/models HTTP/1.1',
    headers: [...right, 'Content-Length: 5', 'Content-Length: 6'],
    status: 400,
  },
  {
    name: 'a negative Content-Length',
    line: 'POST /v1/models HTTP/1.1',
    headers: [...right, 'Content-Length: -1'],
    status: 400,
  },
  { name: 'a folded header', headers: [...right, 'X-A: b\r\n c'], status: 400 },
  { name: 'a space before the colon', headers: [...right, 'X-A : b'], status: 400 },
  { name: 'a bare line feed', headers: [...right, 'X-A: b\nX-B: c'], status: 400 },
  {
    name: 'an unknown Transfer-Encoding',
    line: 'POST /v1/models HTTP/1.1',
    headers: [...right, 'Transfer-Encoding: gzip'],
    status: 400,
  },
  { name: '10,000 bytes of headers', headers: [...right, `X-A: ${'a'.repeat(10_000)}`], status: 431 },
  {
    name: '5,000 headers',
    headers: [...right, ...Array.from({ length: 5_000 }, (_, at) => `X-${at}: b`)],
    status: 431,
  },
  { name: 'HTTP/0.9', line: 'GET /v1/models', headers: [], status: 403 },
];

describe('gateway admission:', () => {
  let upstream: RawUpstream;
  let gateway: TestGateway;

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

  let cookies = '';
  const knock = ({ line = 'GET /v1/models HTTP/1.1', headers = [] }: Pick<Way, 'line' | 'headers'>) =>
    sendRaw(
      gateway.port,
      [line, ...headers, 'Connection: close', '', ''].join('\r\n').replaceAll('PORT', String(gateway.port)),
    );

  it('more than 50 invalid requests are tested', () => {
    assert.ok(without.length + elsewhere.length >= 50, String(without.length + elsewhere.length));
  });

  for (const [what, ways] of [
    ['refused without the right key', without],
    ['refused with the right key', elsewhere],
    ['not forwarded', odd],
  ] as const) {
    for (const way of ways) {
      it(`${what}: ${way.name}`, async () => {
        const answer = await knock(way);
        assert.match(answer, new RegExp(`^HTTP/1.1 ${way.status} `));
        assert.equal(upstream.connections.length, 0, 'something went upstream');
        assert.doesNotMatch(answer, /access-control/i);
        assert.doesNotMatch(answer, new RegExp(key));
        const { error } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
        assert.match(error.message ?? error, /\.$/);
        if (way.line?.includes('/hub/')) assert.match(answer, /^x-error-code: [a-z_]+\r$/m);
        else assert.match(`${error.type} ${error.code}`, /^headroom_error [a-z_]+$/);
      });
    }
  }

  it('a refused request is not recorded', () => {
    assert.deepEqual(gateway.tallies, []);
    assert.deepEqual(gateway.lines, []);
  });

  for (const [name, way] of Object.entries({
    'the key as bearer token': { headers: right },
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
    'an Upgrade to h2c, which is ignored': {
      headers: [...right, 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c'],
    },
  })) {
    it(`admitted, with the user's token upstream: ${name}`, async () => {
      assert.match(await knock(way), /^HTTP\/1.1 200 /);
      const { head } = upstream.requests.at(-1)!;
      assert.match(head, /^authorization: Bearer hf_developers$/m);
      assert.doesNotMatch(head, /headroom|x-api-key|upgrade|localhost/i);
      assert.doesNotMatch(head, new RegExp(`:${gateway.port}\\b`));
    });
  }

  it("a client's own hf_ token is forwarded in place of the user's", async () => {
    assert.match(await knock({ headers: [host, 'Authorization: Bearer hf_callersOwn'] }), /^HTTP\/1.1 200 /);
    const { head } = upstream.requests.at(-1)!;
    assert.match(head, /^authorization: Bearer hf_callersOwn$/m);
    assert.doesNotMatch(head, /hf_developers/);
  });

  it('an hf_oauth_ token with a JWT is forwarded', async () => {
    const token = 'hf_oauth_eyJhbGciOi.J9-_~+/.c2ln==';
    assert.match(await knock({ headers: [host, `Authorization: Bearer ${token}`] }), /^HTTP\/1.1 200 /);
    assert.ok(upstream.requests.at(-1)!.head.includes(`\r\nauthorization: Bearer ${token}\r\n`));
  });

  it('cookies are removed in both directions', async () => {
    const way = { headers: [...right, 'Cookie: session=1'] };
    cookies = 'Set-Cookie: a=1\r\nset-cookie: b=2\r\n';
    for (const line of ['GET /v1/models HTTP/1.1', 'GET /hub/api HTTP/1.1', 'GET /router/groq/x HTTP/1.1']) {
      assert.doesNotMatch(await knock({ ...way, line }), /cookie/i);
      assert.doesNotMatch(upstream.requests.at(-1)!.head, /cookie/i);
    }
  });
});
