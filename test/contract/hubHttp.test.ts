import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { failure, html, json, listen, type TestServer, tapped } from './hubServer.ts';

const token = 'hf_abcdefghijklmnopqrst';

describe('hub HTTP', () => {
  let answer: RequestListener;
  let server: TestServer;
  let http: ReturnType<typeof tapped>;

  beforeEach(async () => {
    server = await listen((request, response) => answer(request, response));
    http = tapped();
  });
  afterEach(async () => {
    await http.close();
    await server.close();
  });

  it('sends token, accept and user agent, and returns the parsed body', async () => {
    answer = json(200, { hello: 'ä' });
    assert.deepEqual(await http.getJson(`${server.url}/api/x`, { token }), { hello: 'ä' });
    const { headers, method } = server.requests[0] ?? assert.fail();
    assert.equal(method, 'GET');
    assert.equal(headers.authorization, `Bearer ${token}`);
    assert.equal(headers.accept, 'application/json');
    assert.equal(headers['user-agent'], 'headroom/test');
  });

  it('sends no authorization without a token', async () => {
    answer = json(200, {});
    await http.getJson(server.url);
    assert.equal(server.requests[0]?.headers.authorization, undefined);
  });

  it('does not send a token with a newline in it', async () => {
    const error = await failure(http.getJson(server.url, { token: `${token}\nx: y` }), 'invalid-token');
    assert.equal(server.requests.length, 0);
    assert.ok(!error.message.includes(token));
  });

  it('reuses its connections', async () => {
    answer = json(200, {});
    for (let i = 0; i < 10; i += 1) await http.getJson(server.url);
    // undici may open a second one while it still finishes the first.
    assert.ok(new Set(server.requests.map(({ socket }) => socket)).size <= 2);
  });

  describe('onResponse', () => {
    it('gets the head of a good response, without query, cookies and body', async () => {
      const now = Date.UTC(2026, 9, 14, 9, 30);
      const tap = tapped({ now: () => now });
      answer = json(
        200,
        {},
        { ratelimit: '"api";r=1;t=2', 'set-cookie': 'a=b', date: 'Wed, 14 Oct 2026 10:30:00 GMT' },
      );
      await tap.getJson(`${server.url}/api/x?key=secret`, { token });
      await tap.close();
      const [seen, ...more] = tap.seen;
      assert.equal(more.length, 0);
      assert.equal(seen?.url, `${server.url}/api/x`);
      assert.equal(seen?.status, 200);
      assert.equal(seen?.at, now);
      assert.equal(seen?.clockSkewMs, 3_600_000);
      assert.equal(seen?.headers.ratelimit, '"api";r=1;t=2');
      assert.equal(seen?.headers['set-cookie'], undefined);
      assert.equal(seen?.bodyText, undefined);
    });

    it("gets at most 4 KiB of a refused response's body, redacted", async () => {
      answer = json(429, { error: `no ${token} ${'x'.repeat(10_000)}` });
      await failure(http.getJson(server.url), 'rate-limited');
      const text = http.seen[0]?.bodyText ?? '';
      assert.ok(text.startsWith('{"error":"no '));
      assert.ok(!text.includes(token));
      assert.ok(text.length <= 4096);
    });

    it('gets pages and redirects too', async () => {
      answer = html(200);
      await failure(http.getJson(server.url), 'not-json');
      answer = (_request, response) => response.writeHead(302, { location: '/' }).end();
      await failure(http.getJson(server.url), 'redirected');
      assert.deepEqual(
        http.seen.map(({ status }) => status),
        [200, 302],
      );
    });
  });

  it('does not follow a redirect, and sends the other host nothing', async () => {
    const other = await listen(json(200, {}));
    answer = (_request, response) => response.writeHead(307, { location: `${other.url}/api/x` }).end();
    const error = await failure(http.getJson(server.url, { token }), 'redirected');
    assert.equal(other.requests.length, 0);
    assert.ok(error.message.includes(other.url));
    await other.close();
  });

  it('rejects a page as not-json, and closes the connection of one that never ends', async () => {
    let closed: Promise<void> | undefined;
    answer = (_request, response) => {
      closed = new Promise(resolve => response.on('close', resolve));
      response.writeHead(200, { 'content-type': 'text/html' });
      response.write('<!DOCTYPE html>');
    };
    await failure(http.getJson(server.url), 'not-json');
    await closed;
    answer = json(200, {});
    assert.deepEqual(await http.getJson(server.url), {});
  });

  it('rejects a body without a type and an empty one as not-json', async () => {
    answer = (_request, response) => response.end('{}');
    await failure(http.getJson(server.url), 'not-json');
    answer = (_request, response) => response.writeHead(204).end();
    await failure(http.getJson(server.url), 'not-json');
  });

  it('accepts JSON types with a suffix', async () => {
    answer = json(200, [1], { 'content-type': 'application/problem+json' });
    assert.deepEqual(await http.getJson(server.url), [1]);
  });

  it('rejects malformed JSON as not-json, and half of it as truncated', async () => {
    answer = json(200, '{"a":,}');
    const error = await failure(http.getJson(server.url), 'not-json');
    assert.equal(error.cause, undefined);
    for (const half of ['{"a":', '{"a":"b', '']) {
      answer = json(200, half);
      await failure(http.getJson(server.url), 'truncated');
    }
  });

  it('rejects a body shorter than its length, and one without its last chunk, as truncated', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"a":1', () => response.destroy());
    };
    await failure(http.getJson(server.url), 'truncated');
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"a":1', () => response.destroy());
    };
    await failure(http.getJson(server.url), 'truncated');
  });

  it('keeps the status of a refusal whose body breaks', async () => {
    answer = (_request, response) => {
      response.writeHead(403, {
        'content-type': 'application/json',
        'content-length': '100',
        'x-error-message': 'No.',
      });
      response.write('{"a":1', () => response.destroy());
    };
    const error = await failure(http.getJson(server.url), 'missing-permission');
    assert.equal(error.details.words, 'No.');
  });

  it('rejects more than 4 MiB as too-large', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (response.write('"x",'.repeat(16_384)));
        response.once('drain', more);
      };
      more();
    };
    await failure(http.getJson(server.url), 'too-large');
    answer = json(200, JSON.stringify('x'.repeat(4 * 1024 * 1024 - 2)));
    assert.equal(String(await http.getJson(server.url)).length, 4 * 1024 * 1024 - 2);
  });

  it('rejects an error with status 200', async () => {
    answer = json(200, { error: 'We had to rate limit you' });
    const error = await failure(http.getJson(server.url), 'rejected');
    assert.equal(error.details.words, 'We had to rate limit you');
  });

  it('times out without a response, and in the middle of a body', async () => {
    answer = () => {};
    await failure(http.getJson(server.url, { timeoutMs: 30 }), 'timeout');
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
    };
    await failure(http.getJson(server.url, { timeoutMs: 60 }), 'timeout');
  });

  it('is aborted by the caller before and during a request, and by close', async () => {
    await failure(http.getJson(server.url, { signal: AbortSignal.abort() }), 'aborted');
    assert.equal(server.requests.length, 0);
    const controller = new AbortController();
    answer = () => controller.abort();
    await failure(http.getJson(server.url, { signal: controller.signal }), 'aborted');
    answer = () => void http.close();
    await failure(http.getJson(server.url), 'aborted');
    await failure(http.getJson(server.url), 'aborted');
  });

  it('reports an unknown host as dns', async () => {
    const error = await failure(http.getJson('http://headroom.invalid/api', { timeoutMs: 9_000 }), 'dns');
    assert.match(error.details.code ?? '', /ENOTFOUND|EAI_AGAIN/);
  }).timeout(10_000);

  it('reports a refused connection as unreachable', async () => {
    await server.close();
    const error = await failure(http.getJson(server.url), 'unreachable');
    assert.equal(error.details.code, 'ECONNREFUSED');
    server = await listen(json(200, {}));
  });
});

describe('hub HTTP: a connection that is reset before any response', () => {
  let answers: ('answer' | 'reset' | 'close')[];
  let requests: number;
  let server: ReturnType<typeof createServer>;
  let url: string;
  let http: ReturnType<typeof tapped>;

  beforeEach(async () => {
    requests = 0;
    server = createServer((socket: Socket) => {
      socket.on('error', () => {});
      socket.on('data', () => {
        requests += 1;
        const next = answers.shift();
        if (next === 'reset') socket.resetAndDestroy();
        else if (next === 'close') socket.end();
        else socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}');
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    http = tapped();
  });
  afterEach(async () => {
    await http.close();
    server.close();
  });

  for (const how of ['reset', 'close'] as const) {
    it(`is opened once more when it was reused (${how})`, async () => {
      answers = ['answer', how, 'answer'];
      await http.getJson(url);
      assert.deepEqual(await http.getJson(url), {});
      assert.equal(requests, 3);
    });

    it(`fails when it was new (${how})`, async () => {
      answers = [how, 'answer'];
      await failure(http.getJson(url), 'unreachable');
      assert.equal(requests, 1);
    });
  }

  it('fails at the second reset', async () => {
    answers = ['answer', 'reset', 'reset', 'answer'];
    await http.getJson(url);
    await failure(http.getJson(url), 'unreachable');
    assert.equal(requests, 3);
  });
});
