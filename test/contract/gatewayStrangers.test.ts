import assert from 'node:assert/strict';
import { type GatewayChild, gatewayChildren, token } from './gatewayChild.ts';
import { rawClient, requestHead } from './rawClient.ts';
import { chunk, type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { chat, configTo } from './testGateway.ts';

describe('gateway, hostile requests:', function () {
  this.timeout(30_000);
  const children = gatewayChildren();
  let upstream: RawUpstream;
  let gateway: GatewayChild;
  before(async () => {
    upstream = await rawUpstream(({ socket }) => socket.write(response(200, '{"data":[]}')));
    gateway = await children.fork({}, configTo(upstream.url, { token }));
    // a billed request and the gateway's request for prices
    assert.equal((await chat(gateway)).status, 200);
    while (upstream.requests.length < 2) await new Promise(resolve => setTimeout(resolve, 10));
  });
  after(async () => {
    await children.clean();
    await upstream.close();
  });
  beforeEach(() => {
    upstream.requests.length = 0;
  });

  async function send(lines: readonly string[], body = ''): Promise<string> {
    const client = await rawClient(gateway.port);
    client.write(`${lines.join('\r\n').replaceAll('PORT', String(gateway.port))}\r\n\r\n${body}`);
    // a half-closed connection ends also a server that waits for more bytes
    client.socket.end();
    return (await client.ended()).toString('latin1');
  }

  const hidden =
    'GET /v1/models?hidden HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nAuthorization: Bearer KEY\r\n\r\n';
  for (const [name, headers, body] of [
    [
      'Content-Length and Transfer-Encoding',
      ['Content-Length: 4', 'Transfer-Encoding: chunked'],
      '0\r\n\r\n',
    ],
    [
      'Transfer-Encoding and Content-Length',
      ['Transfer-Encoding: chunked', 'Content-Length: 4'],
      '0\r\n\r\n',
    ],
    [
      'Transfer-Encoding in mixed case and Content-Length',
      ['transfer-ENCODING: Chunked', 'Content-Length: 5'],
      '0\r\n\r\n',
    ],
    ['a misspelled Transfer-Encoding', ['Transfer-Encoding: xchunked', 'Content-Length: 5'], '0\r\n\r\n'],
    ['two encodings in one header', ['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'],
    ['two Transfer-Encodings', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], '0\r\n\r\n'],
    ['a tab before the encoding', ['Transfer-Encoding:\tchunked', 'Content-Length: 5'], '0\r\n\r\n'],
    ['a space before the colon', ['Transfer-Encoding : chunked', 'Content-Length: 5'], '0\r\n\r\n'],
    ['two Content-Lengths', ['Content-Length: 0', 'Content-Length: 5'], ''],
    ['a list in Content-Length', ['Content-Length: 0, 5'], ''],
    ['a signed Content-Length', ['Content-Length: +0'], ''],
    ['a hexadecimal Content-Length', ['Content-Length: 0x0'], ''],
    ['an invalid chunk size', ['Transfer-Encoding: chunked'], 'zz\r\n\r\n'],
    ['a chunk without its end', ['Transfer-Encoding: chunked'], '1\r\nab\r\n0\r\n\r\n'],
    ['a chunk size beyond 2^53', ['Transfer-Encoding: chunked'], 'ffffffffffffffffff\r\nx'],
  ] as const) {
    it(`request smuggling by ${name} gets one 400, and nothing goes upstream`, async () => {
      const key = gateway.key;
      const lines = ['POST /v1/models HTTP/1.1', 'Host: 127.0.0.1:PORT', `Authorization: Bearer ${key}`];
      const smuggled = hidden.replace('PORT', String(gateway.port)).replace('KEY', key);
      const answer = await send([...lines, 'Content-Type: application/json', ...headers], body + smuggled);
      assert.match(answer, /^HTTP\/1\.1 400 /);
      assert.equal(answer.split('HTTP/1.1 ').length, 2, answer);
      assert.deepEqual(upstream.requests, []);
      const { error } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as { error: { code: string } };
      assert.equal(error.code, 'bad_request');
    });
  }

  it('an invalid chunk in the middle of a body ends the upstream request', async () => {
    const read = upstream.connections.map(({ bytesRead }) => bytesRead);
    const begun = () => upstream.connections.find(({ bytesRead }, index) => bytesRead > (read[index] ?? 0));
    const client = await rawClient(gateway.port);
    const headers = ['Content-Type: audio/wav', 'Transfer-Encoding: chunked'];
    client.write(`${requestHead(gateway, 'POST /router/groq/x', headers)}${chunk('a')}`);
    while (!begun()) await new Promise(resolve => setTimeout(resolve, 10));
    client.write('zz\r\n');
    assert.match((await client.ended()).toString('latin1'), /^HTTP\/1\.1 400 [\s\S]*bad_request/);
    while (!begun()?.destroyed) await new Promise(resolve => setTimeout(resolve, 10));
    assert.deepEqual(upstream.requests, []);
  });

  /** Headers of Chromium for a request of a page, which has no key. */
  const page = (site: string, mode: string, dest: string) => [
    'User-Agent: Mozilla/5.0 (X11; Linux x64) Chrome/140.0.0.0',
    'Referer: https://evil.example/',
    'Accept-Encoding: gzip, deflate, br, zstd',
    `Sec-Fetch-Site: ${site}`,
    `Sec-Fetch-Mode: ${mode}`,
    `Sec-Fetch-Dest: ${dest}`,
  ];
  const here = 'Host: 127.0.0.1:PORT';
  const origin = 'Origin: https://evil.example';
  const preflight = ['Access-Control-Request-Method: POST', 'Access-Control-Request-Headers: authorization'];
  for (const [name, status, lines, body] of [
    [
      'fetch() from a page',
      403,
      ['GET /v1/models HTTP/1.1', here, origin, ...page('cross-site', 'cors', 'empty')],
    ],
    [
      'a preflight with Authorization',
      403,
      [
        'OPTIONS /v1/chat/completions HTTP/1.1',
        here,
        origin,
        ...preflight,
        ...page('cross-site', 'cors', 'empty'),
      ],
    ],
    [
      'a preflight for private network access',
      403,
      [
        'OPTIONS /hub/api/whoami-v2 HTTP/1.1',
        here,
        origin,
        ...preflight,
        'Access-Control-Request-Private-Network: true',
      ],
    ],
    ['a preflight without an Origin', 401, ['OPTIONS /v1/models HTTP/1.1', here, ...preflight]],
    [
      'a simple POST (no preflight)',
      403,
      [
        'POST /v1/chat/completions HTTP/1.1',
        here,
        origin,
        'Content-Type: text/plain',
        'Content-Length: 2',
        ...page('cross-site', 'no-cors', 'empty'),
      ],
      '{}',
    ],
    [
      'a form',
      403,
      [
        'POST /v1/chat/completions HTTP/1.1',
        here,
        'Origin: null',
        'Content-Type: application/x-www-form-urlencoded',
        'Content-Length: 3',
        ...page('cross-site', 'navigate', 'document'),
      ],
      'a=b',
    ],
    [
      'an image or script of a page (no Origin)',
      401,
      ['GET /hub/acme/model/resolve/main/x.js HTTP/1.1', here, ...page('cross-site', 'no-cors', 'script')],
    ],
    [
      'a URL typed into the browser',
      401,
      ['GET /v1/models HTTP/1.1', here, ...page('none', 'navigate', 'document')],
    ],
    [
      'a page after DNS rebinding to 127.0.0.1',
      403,
      ['GET /v1/models HTTP/1.1', 'Host: evil.example:PORT', ...page('same-origin', 'cors', 'empty')],
    ],
    [
      'a POST of a page after DNS rebinding',
      403,
      [
        'POST /v1/chat/completions HTTP/1.1',
        'Host: evil.example:PORT',
        'Origin: http://evil.example:PORT',
        'Content-Length: 2',
        ...page('same-origin', 'cors', 'empty'),
      ],
      '{}',
    ],
    [
      'a WebSocket of a page',
      403,
      [
        'GET /v1/models HTTP/1.1',
        here,
        origin,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      ],
    ],
  ] as const) {
    it(`refused without details: ${name}`, async () => {
      const answer = await send(lines, body);
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.deepEqual(upstream.requests, []);
      assert.doesNotMatch(answer, /access-control|set-cookie/i);
      assert.doesNotMatch(answer, /hf_/);
    });
  }
});
