import assert from 'node:assert/strict';
import type { GatewayTarget, Route } from '../../../../src/billing/route.ts';
import {
  accountName,
  limitKey,
  limitName,
  otherLimit,
  parseLimitName,
} from '../../../../src/gateway/pacing/limitKey.ts';
import { HubBuckets } from '../../../../src/limits/pacing/hubBuckets.ts';

const account = accountName('Bearer hf_ada');

interface Call {
  readonly method?: string;
  readonly billedTo?: string;
  readonly provider?: string;
  readonly model?: string;
  readonly account?: string;
}

function counted(target: GatewayTarget, call: Call = {}, buckets = new HubBuckets()) {
  const { method = 'POST', billedTo = 'personal', provider, model } = call;
  const route: Route = {
    origin: 'https://x',
    path: target.path,
    headers: {},
    billedTo,
    ...(provider && { provider }),
  };
  return limitKey(
    { target, method, route, account: call.account ?? account, ...(model && { model }) },
    buckets,
  );
}

const hub = (path: string, method = 'GET', buckets?: HubBuckets) =>
  counted({ kind: 'hub', path }, { method }, buckets);
const chat = (call: Call = {}) =>
  counted({ kind: 'router', path: '/v1/chat/completions' }, { model: 'acme/Model-7B', ...call });

describe('A request counts', () => {
  it("against the Hub's bucket of its path, whatever its query is, and nobody pays", () => {
    for (const [path, scope] of [
      ['/api/models?search=resolve/', 'api'],
      ['/acme/model/resolve/main/config.json', 'resolvers'],
      ['/acme/model', 'pages'],
    ] as const) {
      const { limit, payer } = hub(path);
      assert.deepEqual([parseLimitName(limit), payer], [{ by: 'huggingface', scope }, undefined]);
    }
  });

  it('against the bucket that the Hub named for such a path', () => {
    const buckets = new HubBuckets();
    buckets.report('/api/quicksearch', 'search');
    assert.equal(parseLimitName(hub('/api/quicksearch?q=1', 'GET', buckets).limit).scope, 'search');
    assert.equal(parseLimitName(hub('/api/models', 'GET', buckets).limit).scope, 'api');
  });

  it('with those that write in the same way, whatever the repository, and apart from those that read', () => {
    const commit = hub('/api/models/acme/one/commit/main', 'POST').lane;
    assert.equal(hub('/api/models/ada/two/commit/dev', 'POST').lane, commit);
    const others = [
      hub('/api/models/acme/one/commit/main'),
      hub('/api/datasets/acme/one/commit/main', 'POST'),
      hub('/api/models/acme/one/branch/x', 'POST'),
      hub('/api/repos/create', 'POST'),
    ].map(({ lane }) => lane);
    assert.equal(new Set([commit, ...others]).size, 5);
    assert.equal(hub('/api/models', 'HEAD').lane, hub('/api/datasets').lane);
  });

  it('for whoami apart, which Hugging Face limits more strictly', () => {
    assert.notEqual(hub('/api/whoami-v2').lane, hub('/api/models').lane);
    assert.equal(hub('/api/whoami-v2').limit, hub('/api/models').limit);
  });

  it("against the account's limit at the router, with its model and its payer", () => {
    const { limit, lane, payer } = chat();
    assert.deepEqual([parseLimitName(limit), payer], [{ by: 'huggingface', scope: 'router' }, 'personal']);
    const other = chat({ model: 'acme/Other' });
    assert.deepEqual([other.limit, other.lane === lane], [limit, false]);
    const organizations = chat({ billedTo: 'org:acme' });
    assert.deepEqual(
      [organizations.limit, organizations.payer, organizations.lane === lane],
      [limit, 'org:acme', false],
    );
    const pinned = counted(
      { kind: 'provider', provider: 'groq', path: '/v1/chat' },
      { model: 'acme/Model-7B' },
    );
    assert.notEqual(pinned.lane, lane);
  });

  it('for nobody when it only reads, or has a token of its own', () => {
    assert.equal(chat({ method: 'GET' }).payer, undefined);
    assert.equal(chat({ billedTo: 'own-token' }).payer, undefined);
    assert.equal(chat({ billedTo: 'own-token+org:acme' }).payer, undefined);
  });

  it("against its model's limit of a provider's key, with everybody who asks for it", () => {
    const key = { billedTo: 'key:groq', provider: 'groq' };
    const { limit, payer } = chat(key);
    assert.deepEqual([parseLimitName(limit), payer], [{ by: 'groq', scope: 'acme/Model-7B' }, undefined]);
    assert.notEqual(chat({ ...key, model: 'acme/Other' }).limit, limit);
  });

  it('with no more than the beginning of what its caller calls a model', () => {
    assert.ok(chat({ model: 'm'.repeat(5_000) }).lane.length < 500);
    const path = `/${'p'.repeat(5_000)}`;
    assert.ok(counted({ kind: 'provider', provider: 'groq', path }).lane.length < 500);
  });

  it('apart from those of another account', () => {
    assert.notEqual(chat({ account: accountName('Bearer hf_grace') }).limit, chat().limit);
    assert.notEqual(chat({ account: accountName(undefined) }).lane, chat().lane);
  });
});

describe('The name of a limit', () => {
  it('holds no token, and is the same for the same one', () => {
    const name = accountName('Bearer hf_secretsecretsecret');
    assert.match(name, /^[0-9a-f]{32}$/);
    assert.equal(accountName('Bearer hf_secretsecretsecret'), name);
    assert.equal(accountName(undefined), 'anonymous');
  });

  it('can be read back, whatever the model is called', () => {
    for (const scope of ['api', 'a"b', '["x"]', '', 'a\nb', '€\u0000']) {
      const name = limitName(account, { by: 'groq', scope });
      assert.deepEqual(parseLimitName(name), { by: 'groq', scope });
      assert.equal(otherLimit(name, {}), name);
      assert.equal(otherLimit(name, { scope: 'z' }), limitName(account, { by: 'groq', scope: 'z' }));
    }
  });
});
