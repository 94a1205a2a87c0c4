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
import { isLaneOf } from '../../../../src/limits/pacing/paceTicket.ts';

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

describe('limitKey:', () => {
  it("a Hub request counts in its path's bucket, without a payer", () => {
    for (const [path, scope] of [
      ['/api/models?search=resolve/', 'api'],
      ['/acme/model/resolve/main/config.json', 'resolvers'],
      ['/acme/model', 'pages'],
    ] as const) {
      const { limit, payer } = hub(path);
      assert.deepEqual([parseLimitName(limit), payer], [{ by: 'huggingface', scope }, undefined]);
    }
  });

  it('a bucket that the Hub reported for a path counts', () => {
    const buckets = new HubBuckets();
    buckets.report('/api/quicksearch', 'search');
    assert.equal(parseLimitName(hub('/api/quicksearch?q=1', 'GET', buckets).limit).scope, 'search');
    assert.equal(parseLimitName(hub('/api/models', 'GET', buckets).limit).scope, 'api');
  });

  it('Hub writes of one kind share a lane across repositories; reads have another', () => {
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

  it('whoami-v2 has its own lane', () => {
    assert.notEqual(hub('/api/whoami-v2').lane, hub('/api/models').lane);
    assert.equal(hub('/api/whoami-v2').limit, hub('/api/models').limit);
  });

  it('a router request counts for its model and payer only', () => {
    const { limit, payer } = chat();
    const name = { by: 'huggingface', scope: 'router', model: 'acme/Model-7B', payer: 'personal' };
    assert.deepEqual([parseLimitName(limit), payer], [name, 'personal']);
    const pinned = { kind: 'provider', provider: 'groq', path: '/v1/chat' } as const;
    const others = [
      chat({ model: 'acme/Other' }),
      chat({ billedTo: 'org:acme' }),
      chat({ model: 'acme/Model-7B:groq' }),
      counted(pinned, { model: 'acme/Model-7B' }),
    ];
    assert.equal(new Set([limit, ...others.map(other => other.limit)]).size, 5);
    for (const one of [chat(), ...others]) assert.ok(isLaneOf(one.limit, one.lane));
  });

  it('a token in the place of a provider is in no name', () => {
    const token = 'hf_gbcdefghijKLMNopqrstuvWXYZ0123456789';
    const { limit, lane } = counted({ kind: 'provider', provider: token, path: '/x' });
    assert.ok(!(limit + lane).includes('gbcdefgh'));
  });

  it('no model or path is taken for another one or its payer', () => {
    const lanes = ['m\npersonal', 'm\n', 'm', 'm personal'].map(model => chat({ model }).lane);
    assert.equal(new Set(lanes).size, 4 - 1, 'a line break is a space');
    assert.ok(lanes.every(lane => lane.split('\n').length === 3));
  });

  it("a GET, or a client's own token, has no payer", () => {
    assert.equal(chat({ method: 'GET' }).payer, undefined);
    assert.equal(chat({ billedTo: 'own-token' }).payer, undefined);
    assert.equal(chat({ billedTo: 'own-token+org:acme' }).payer, undefined);
  });

  it('a provider key has one limit per model', () => {
    const key = { billedTo: 'key:groq', provider: 'groq' };
    const { limit, payer } = chat(key);
    assert.deepEqual([parseLimitName(limit), payer], [{ by: 'groq', scope: 'acme/Model-7B' }, undefined]);
    assert.notEqual(chat({ ...key, model: 'acme/Other' }).limit, limit);
  });

  it('long model names and paths are cut', () => {
    assert.ok(chat({ model: 'm'.repeat(5_000) }).lane.length < 700);
    const path = `/${'p'.repeat(5_000)}`;
    assert.ok(counted({ kind: 'provider', provider: 'groq', path }).lane.length < 700);
    assert.ok(hub(`/api/${'k'.repeat(5_000)}/a/b/${'c'.repeat(5_000)}`, 'POST').lane.length < 500);
  });

  it('another account has other limits', () => {
    assert.notEqual(chat({ account: accountName('Bearer hf_grace') }).limit, chat().limit);
    assert.notEqual(chat({ account: accountName(undefined) }).lane, chat().lane);
  });
});

describe('limit name:', () => {
  it('accountName: a stable hash without the token', () => {
    const name = accountName('Bearer hf_secretsecretsecret');
    assert.match(name, /^[0-9a-f]{32}$/);
    assert.equal(accountName('Bearer hf_secretsecretsecret'), name);
    assert.equal(accountName(undefined), 'anonymous');
  });

  it('parseLimitName reads every model name back', () => {
    for (const scope of ['api', 'a"b', '["x"]', '', 'a\nb', '€\u0000']) {
      const name = limitName(account, { by: 'groq', scope });
      assert.deepEqual(parseLimitName(name), { by: 'groq', scope });
      const other = { by: 'together', scope: 'z', model: scope, payer: 'org:acme' };
      assert.equal(otherLimit(name, other), limitName(account, other));
      assert.deepEqual(parseLimitName(otherLimit(name, other)), other);
    }
  });
});
