import assert from 'node:assert/strict';
import { tokens } from '../emulator/scenarios.ts';
import { type GatewayTestSetup, gatewaySetup } from './gatewaySetup.ts';

const repo = 'ada/bert-finetuned';
const lfsType = 'application/vnd.git-lfs+json';

/** The request that huggingface_hub's `get_paths_info` makes: a form. */
const form = {
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'paths=config.json&expand=False',
};

describe('gateway, reads of the Hub by POST:', () => {
  let setup: GatewayTestSetup;
  let bases: string[];
  beforeEach(async () => {
    setup = await gatewaySetup();
    bases = [setup.gateway.hub, `${setup.url}/hub`];
  });
  afterEach(() => setup.close());

  type Init = { headers?: Record<string, string>; body?: string };
  const post = (url: string, init: Init) => fetch(url, { method: 'POST', ...init });
  const batch = (base: string, body: string, headers: Record<string, string> = {}) =>
    post(`${base}/${repo}.git/info/lfs/objects/batch`, {
      headers: { 'content-type': lfsType, accept: lfsType, ...headers },
      body,
    });
  const objects = [{ oid: 'a'.repeat(64), size: 5 }];

  it('paths-info of a public repository is read without a token, as a form and as JSON', async () => {
    const json = { headers: { 'content-type': 'application/json' }, body: '{"paths":["config.json"]}' };
    for (const base of bases)
      for (const init of [form, json]) {
        const answer = await post(`${base}/api/models/${repo}/paths-info/main`, init);
        assert.equal(answer.status, 200);
        assert.deepEqual(
          ((await answer.json()) as { path: string }[]).map(({ path }) => path),
          ['config.json'],
        );
      }
    for (const { headers } of setup.received()) assert.equal(headers.authorization, undefined);
  });

  it("of a private one only with a token, and the user's is not used for others", async () => {
    const url = `${bases[0]}/api/models/ada/secret-model/paths-info/main`;
    const as = (token: string) =>
      post(url, { ...form, headers: { ...form.headers, authorization: `Bearer ${token}` } });
    assert.equal((await post(url, form)).status, 401);
    assert.equal((await as(tokens.bob)).status, 404);
    assert.equal((await as(setup.key)).status, 200);
    assert.deepEqual(
      setup.received().map(({ headers }) => headers.authorization),
      [undefined, `Bearer ${tokens.bob}`, `Bearer ${tokens.ada}`],
    );
  });

  it('an LFS batch goes on without a token for a download only', async () => {
    for (const base of bases) {
      for (const body of [
        JSON.stringify({ operation: 'download', objects }),
        JSON.stringify({ transfers: ['basic'], objects, operation: 'download' }),
      ]) {
        assert.equal((await batch(base, body)).status, 200);
        assert.equal(setup.received().at(-1)?.headers.authorization, undefined);
      }
    }
    const arrived = setup.received().length;
    for (const body of [
      JSON.stringify({ operation: 'upload', objects }),
      JSON.stringify({ objects }),
      JSON.stringify({ objects: [{ operation: 'download' }] }),
      JSON.stringify({ operation: ['download'], objects }),
      JSON.stringify({ operation: 'upload', objects, x: { operation: 'download' } }),
      `{"note":"${'x'.repeat(1_100_000)}","operation":"download"}`,
      'operation=download',
      '',
    ]) {
      const answer = await batch(bases[0]!, body);
      assert.equal(answer.status, 401, body.slice(0, 80));
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic /);
      assert.match(((await answer.json()) as { error: string }).error, /^No token was sent\. Set HF_TOKEN/);
    }
    assert.equal((await batch(bases[0]!, 'x=y', { 'content-type': 'text/plain' })).status, 401);
    assert.equal(setup.received().length, arrived);
  });

  it('with the key, an upload goes on with the token of the user, also as the password of Basic credentials', async () => {
    const upload = JSON.stringify({ operation: 'upload', objects });
    const basic = (password: string) => ({ authorization: `Basic ${btoa(`anyone:${password}`)}` });
    assert.equal((await batch(bases[0]!, upload, { authorization: `Bearer ${setup.key}` })).status, 200);
    assert.equal((await batch(bases[0]!, upload, basic(setup.key))).status, 200);
    assert.equal((await batch(bases[0]!, upload, basic(tokens.bob))).status, 403);
    assert.deepEqual(
      setup.received().map(({ headers }) => headers.authorization),
      [`Bearer ${tokens.ada}`, `Basic ${btoa(`user:${tokens.ada}`)}`, `Basic ${btoa(`user:${tokens.bob}`)}`],
    );
  });

  it('a token in Basic credentials is a bearer token for the API', async () => {
    const whoami = await fetch(`${bases[0]}/api/whoami-v2`, {
      headers: { authorization: `Basic ${btoa(`bob:${tokens.bob}`)}` },
    });
    assert.equal(((await whoami.json()) as { name: string }).name, 'bob');
    assert.equal(setup.only().headers.authorization, `Bearer ${tokens.bob}`);
  });

  it("what is neither key nor token is refused as a password, and on the router's paths every one", async () => {
    const other = `hf_headroom_${'x'.repeat(28)}`;
    for (const text of [
      'ada:secret',
      `ada:${other}`,
      `${setup.key}:`,
      tokens.ada,
      `${tokens.ada}:`,
      ':',
      '',
    ]) {
      const { status } = await fetch(`${bases[0]}/api/whoami-v2`, {
        headers: { authorization: `Basic ${btoa(text)}` },
      });
      assert.equal(status, 401, text);
    }
    for (const password of [setup.key, tokens.ada]) {
      const { status } = await fetch(`${setup.url}/v1/models`, {
        headers: { authorization: `Basic ${btoa(`ada:${password}`)}` },
      });
      assert.equal(status, 401);
    }
    assert.deepEqual(setup.received(), []);
  });

  for (const [name, header, value] of [
    ['a page', 'origin', 'https://evil.example'],
    ['a browser', 'sec-fetch-site', 'none'],
  ] as const) {
    it(`${name} can't read by POST`, async () => {
      const { status } = await post(`${bases[0]}/api/models/${repo}/paths-info/main`, {
        ...form,
        headers: { ...form.headers, [header]: value },
      });
      assert.ok(status === 401 || status === 403);
      assert.deepEqual(setup.received(), []);
    });
  }

  for (const path of [
    'api/repos/create',
    `api/models/${repo}/commit/main`,
    `api/models/${repo}/preupload/main`,
    `${repo}/git-receive-pack`,
    `${repo}.git/info/lfs/objects/verify`,
  ]) {
    it(`a write stays refused without a token: ${path}`, async () => {
      for (const base of bases) assert.equal((await post(`${base}/${path}`, { body: '{}' })).status, 401);
      assert.deepEqual(setup.received(), []);
    });
  }
});
