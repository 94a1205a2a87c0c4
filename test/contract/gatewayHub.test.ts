import assert from 'node:assert/strict';
import { GatewayRig, ok, windowHeaders } from './gatewayRig.ts';
import { type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { host, sendCase } from './refusedRequest.ts';
import { gatewayTo, key, type TestGateway, withKey } from './testGateway.ts';

describe('gateway, Hub requests:', () => {
  let hub: RawUpstream;
  let gateway: TestGateway;
  let answer: string;

  beforeEach(async () => {
    hub = await rawUpstream(({ socket }) => socket.write(answer));
    gateway = await gatewayTo(hub.url, { config: { profile: { kind: 'organization', name: 'acme' } } });
  });
  afterEach(async () => {
    await gateway.stop();
    await hub.close();
  });

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${gateway.url}/hub${path}`, { headers: withKey(headers), redirect: 'manual' });

  it('no X-HF-Bill-To, and Link headers lead to the gateway', async () => {
    answer = response(200, '[]', { Link: `<${hub.url}/api/models?cursor=a%2Bb&limit=1>; rel="next"` });
    const { headers } = await get('/api/models?limit=1');
    assert.equal(headers.get('link'), `<${gateway.url}/hub/api/models?cursor=a%2Bb&limit=1>; rel="next"`);
    assert.match(hub.requests[0]?.head ?? '', /^GET \/api\/models\?limit=1 HTTP/);
    assert.doesNotMatch(hub.requests[0]?.head ?? '', /x-hf-bill-to|session/i);
    await gateway.close(0);
    assert.deepEqual(
      gateway.tallies.map(({ billedTo, costNanoUsd }) => [billedTo, costNanoUsd]),
      [['personal', 0]],
    );
  });

  it('redirects are passed on', async () => {
    for (const [location, expected] of [
      ['https://cdn-lfs.example/x?sig=a%2B', 'https://cdn-lfs.example/x?sig=a%2B'],
      ['/acme/renamed/resolve/main/a', '/hub/acme/renamed/resolve/main/a'],
      [`${hub.url}/b`, `${gateway.url}/hub/b`],
      ['//evil.example/x', '//evil.example/x'],
    ]) {
      answer = response(307, '', { location: location ?? '' });
      const { status, headers } = await get('/acme/a/resolve/main/a');
      assert.deepEqual([status, headers.get('location')], [307, expected]);
    }
    assert.equal(hub.requests.length, 4);
  });

  it('ranges and file names are unchanged', async () => {
    answer = response(206, 'bc', { 'content-range': 'bytes 1-2/5' });
    const part = await get('/acme/a/resolve/refs%2Fpr%2F1/dir/..a%20b.txt', { range: 'bytes=1-2' });
    assert.deepEqual(
      [part.status, part.headers.get('content-range'), await part.text()],
      [206, 'bytes 1-2/5', 'bc'],
    );
    assert.match(
      hub.requests[0]?.head ?? '',
      /^GET \/acme\/a\/resolve\/refs%2Fpr%2F1\/dir\/\.\.a%20b\.txt HTTP/,
    );
    assert.match(hub.requests[0]?.head ?? '', /^range: bytes=1-2$/m);
  });
});

describe('gateway, Hub requests without a credential:', () => {
  let rig: GatewayRig;
  beforeEach(async () => {
    rig = await GatewayRig.start();
  });
  afterEach(() => rig.stop());

  const request = (path: string, init: RequestInit = {}) => fetch(`${rig.gateway.url}${path}`, init);
  const withToken = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const lastHead = () => rig.upstream.requests.at(-1)?.head ?? '';

  for (const profile of [
    { kind: 'personal' },
    { kind: 'organization', name: 'acme' },
    { kind: 'provider-key', provider: 'groq' },
  ] as const) {
    it(`a GET or HEAD goes upstream without a token and without X-HF-Bill-To under ${profile.kind}`, async () => {
      rig.configure({ profile, keys: { groq: 'gsk_secret' } });
      for (const method of ['GET', 'HEAD']) {
        const answer = await request('/hub/acme/model/resolve/main/config.json?x=1', {
          method,
          headers: { 'x-hf-bill-to': 'acme', cookie: 'token=1' },
        });
        assert.equal(answer.status, 200);
        assert.match(lastHead(), new RegExp(`^${method} /acme/model/resolve/main/config.json\\?x=1 `));
        assert.doesNotMatch(lastHead(), /authorization|hf_|gsk_|x-hf-bill-to|cookie|session/i);
        if (method === 'GET') assert.equal(await answer.text(), ok);
      }
    });
  }

  it('rate windows are those of the IP, not of the user', async () => {
    rig.answer = ({ head }) => response(200, '{}', windowHeaders(/^authorization/im.test(head) ? 900 : 0, 5));
    assert.equal((await request('/hub/api/models')).status, 200);
    assert.equal((await request('/hub/api/models', withToken(key))).status, 200);
    assert.equal((await request('/hub/api/models', withToken('hf_callersOwn'))).status, 200);
    const held = request('/hub/api/models');
    await rig.held(1);
    assert.equal((await request('/hub/api/models', withToken(key))).status, 200);
    rig.gateway.cancel();
    assert.equal((await held).status, 429);
  });

  it('the tally has no payer, and a refusal of the Hub is passed on unchanged', async () => {
    const words = 'We had to rate limit your IP (127.0.0.1). Make sure you pass a HF_TOKEN.';
    rig.answer = () => response(429, JSON.stringify({ error: words }), { 'retry-after': '3000' });
    const answer = await request('/hub/api/models');
    assert.equal(answer.status, 429);
    assert.deepEqual(await answer.json(), { error: words });
    await rig.pass(1_000);
    assert.deepEqual(
      [rig.gateway.tallies, rig.gateway.refusals].map(([entry]) => entry?.billedTo),
      ['anonymous', 'anonymous'],
    );
  });

  const models = 'GET /hub/api/models';
  const other = `hf_headroom_${'x'.repeat(key.length - 12)}`;
  const refused: readonly (readonly [name: string, status: number, line: string, ...headers: string[]])[] = [
    ...['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'].map(
      method => [method, 401, `${method} /hub/api/models/acme/model`, host, 'Content-Length: 0'] as const,
    ),
    ...['/hubs/x', '/hubs', '/v1/models', '/router/groq/models', '/'].map(
      path => [`GET ${path}`, 401, `GET ${path}`, host] as const,
    ),
    ['another key', 401, models, host, `Authorization: Bearer ${other}`],
    ['an empty Authorization', 401, models, host, 'Authorization:'],
    ['a scheme alone', 401, models, host, 'Authorization: Bearer'],
    ['Basic credentials', 401, models, host, `Authorization: Basic ${btoa('ada:password')}`],
    ['an x-api-key', 401, models, host, `x-api-key: ${key}`],
    ...['Sec-Fetch-Site: none', 'Sec-Fetch-Dest: image', 'Sec-Fetch-User: ?1', 'sec-fetch-mode: no-cors'].map(
      header => [`a browser with ${header}`, 401, models, host, header] as const,
    ),
    ['a page', 403, models, host, 'Origin: https://evil.example'],
    ['a page after DNS rebinding', 403, models, 'Host: evil.example:PORT'],
    ['a host behind /hub', 401, 'GET /hub//evil.example/x', host],
    ['dot segments', 401, 'GET /hub/../v1/models', host],
  ];
  for (const [name, status, line, ...headers] of refused) {
    it(`refused: ${name}`, async () => {
      const answer = await sendCase(rig.gateway, { line: `${line} HTTP/1.1`, headers });
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
      assert.deepEqual(rig.upstream.connections, []);
      assert.doesNotMatch(answer, /access-control/i);
      assert.doesNotMatch(answer, new RegExp(key));
    });
  }

  it('a 401 of the Hub says to use HF_TOKEN, and the gateway key is not sent', async () => {
    const answer = await request('/hub/api/repos/create', { method: 'POST' });
    const { error } = (await answer.json()) as { error: string };
    assert.match(
      error,
      /^No token was sent\. Set HF_TOKEN to a token of Hugging Face: without one programs can only read/,
    );
    assert.doesNotMatch(error, /key/);
    assert.equal(answer.headers.get('x-error-code'), 'key_missing');
  });
});
