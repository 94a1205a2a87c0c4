import assert from 'node:assert/strict';
import { type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { assertRefused, bearer, host, type RawCase } from './refusedRequest.ts';
import { gatewayTo, type TestGateway } from './testGateway.ts';

const withKey = [host, bearer];
const malformed: readonly RawCase[] = [
  { name: 'an unknown path', line: 'GET / HTTP/1.1', headers: withKey, status: 404 },
  { name: 'a path with the prefix /v1', line: 'GET /v1x/models HTTP/1.1', headers: withKey, status: 404 },
  { name: 'a router path without a provider', line: 'GET /router/ HTTP/1.1', headers: withKey, status: 404 },
  {
    name: 'an absolute target',
    line: 'GET http://evil.example/v1/models HTTP/1.1',
    headers: withKey,
    status: 400,
  },
  {
    name: 'an absolute target with the gateway’s address',
    line: 'GET http://127.0.0.1:PORT/v1/models HTTP/1.1',
    headers: withKey,
    status: 400,
  },
  { name: 'dot segments', line: 'GET /v1/../admin HTTP/1.1', headers: withKey, status: 400 },
  { name: 'encoded dot segments', line: 'GET /v1/%2e%2E/admin HTTP/1.1', headers: withKey, status: 400 },
  {
    name: 'dots between encoded slashes',
    line: 'GET /hub/a%2f..%2fb HTTP/1.1',
    headers: withKey,
    status: 400,
  },
  { name: 'a backslash', line: 'GET /v1\\models HTTP/1.1', headers: withKey, status: 400 },
  { name: 'a host after /hub/', line: 'GET /hub//evil.example/x HTTP/1.1', headers: withKey, status: 400 },
  { name: 'a fragment', line: 'GET /v1/models#x HTTP/1.1', headers: withKey, status: 400 },
  {
    name: 'a provider with a host',
    line: 'GET /router/evil.example:80/x HTTP/1.1',
    headers: withKey,
    status: 400,
  },
  { name: 'OPTIONS *', line: 'OPTIONS * HTTP/1.1', headers: withKey, status: 400 },
  { name: 'CONNECT', line: 'CONNECT evil.example:443 HTTP/1.1', headers: withKey, status: 405 },
  { name: 'TRACE', line: 'TRACE /v1/models HTTP/1.1', headers: withKey, status: 405 },
  { name: 'a websocket', headers: [...withKey, 'Connection: upgrade', 'Upgrade: websocket'], status: 426 },
  {
    name: 'Content-Length and Transfer-Encoding',
    line: 'POST /v1/models HTTP/1.1',
    headers: [...withKey, 'Content-Length: 5', 'Transfer-Encoding: chunked'],
    status: 400,
  },
  {
    name: 'two Content-Lengths',
    line: 'POST /v1/models HTTP/1.1',
    headers: [...withKey, 'Content-Length: 5', 'Content-Length: 6'],
    status: 400,
  },
  {
    name: 'a negative Content-Length',
    line: 'POST /v1/models HTTP/1.1',
    headers: [...withKey, 'Content-Length: -1'],
    status: 400,
  },
  { name: 'a folded header', headers: [...withKey, 'X-A: b\r\n c'], status: 400 },
  { name: 'a space before the colon', headers: [...withKey, 'X-A : b'], status: 400 },
  { name: 'a bare line feed', headers: [...withKey, 'X-A: b\nX-B: c'], status: 400 },
  {
    name: 'an unknown Transfer-Encoding',
    line: 'POST /v1/models HTTP/1.1',
    headers: [...withKey, 'Transfer-Encoding: gzip'],
    status: 400,
  },
  { name: '10,000 bytes of headers', headers: [...withKey, `X-A: ${'a'.repeat(10_000)}`], status: 431 },
  {
    name: '5,000 headers',
    headers: [...withKey, ...Array.from({ length: 5_000 }, (_, at) => `X-${at}: b`)],
    status: 431,
  },
  { name: 'HTTP/0.9', line: 'GET /v1/models', headers: [], status: 403 },
];

describe('gateway, malformed requests:', () => {
  let upstream: RawUpstream;
  let gateway: TestGateway;
  before(async () => {
    upstream = await rawUpstream(({ socket }) => socket.write(response(200)));
    gateway = await gatewayTo(upstream.url);
  });
  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  for (const request of malformed) {
    it(`not forwarded: ${request.name}`, () => assertRefused(gateway, upstream, request));
  }

  it('not recorded', async () => {
    await gateway.close(0);
    assert.deepEqual(gateway.tallies, []);
    assert.deepEqual(gateway.lines, []);
  });
});
