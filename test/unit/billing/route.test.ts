import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseProfile } from '../../../src/billing/profile.ts';
import { providers } from '../../../src/billing/providers.ts';
import {
  type BillingContext,
  type Route,
  RouteRefusal,
  type RouteRequest,
} from '../../../src/billing/route.ts';
import { routeRequest } from '../../../src/billing/routeRequest.ts';
import { huggingFaceServers } from '../../../src/hub/servers.ts';

const token = 'hf_developer';
const ownToken = 'hf_caller';
const keys = { groq: 'gsk_example', 'fal-ai': 'id:secret', openai: 'sk-example', replicate: 'r8_example' };
const context: BillingContext = { token, keys, servers: huggingFaceServers, providerUrls: {} };

interface Asked extends Partial<Omit<RouteRequest, 'profile' | 'target'>> {
  readonly profile?: string;
}

/** `path` as the gateway's callers write it. */
function request(path: string, { profile = 'personal', ...rest }: Asked = {}): RouteRequest {
  const [, hub] = /^\/hub(\/.*)$/.exec(path) ?? [];
  const [, provider, route] = /^\/router\/([^/]*)(\/.*)$/.exec(path) ?? [];
  const target: RouteRequest['target'] =
    hub !== undefined
      ? { kind: 'hub', path: hub }
      : provider !== undefined && route !== undefined
        ? { kind: 'provider', provider, path: route }
        : { kind: 'router', path };
  return { target, method: 'POST', profile: parseProfile(profile) ?? assert.fail(profile), ...rest };
}

function route(path: string, asked?: Asked, changed: Partial<BillingContext> = {}): Route {
  return routeRequest(request(path, asked), { ...context, ...changed });
}

function refusal(path: string, asked?: Asked, changed: Partial<BillingContext> = {}): RouteRefusal {
  try {
    routeRequest(request(path, asked), { ...context, ...changed });
  } catch (error) {
    if (error instanceof RouteRefusal) return error;
    throw error;
  }
  return assert.fail(`${path} was routed`);
}

const chat = '/v1/chat/completions';
const model = 'openai/gpt-oss-120b';

describe('a request that Hugging Face bills', () => {
  it("goes to the router with the developer's token, to their own account", () => {
    assert.deepEqual(route(chat, { model }), {
      origin: 'https://router.huggingface.co',
      path: chat,
      headers: { authorization: 'Bearer hf_developer' },
      billedTo: 'personal',
    });
  });

  it('carries the organization by name and the resource group by id', () => {
    for (const path of [
      chat,
      '/v1/responses',
      '/v1/messages?beta=true',
      '/router/groq/openai/v1/chat/completions',
    ]) {
      const organization = route(path, { profile: 'org:acme' });
      assert.equal(organization.headers['x-hf-bill-to'], 'acme');
      assert.equal(organization.billedTo, 'org:acme');
      const group = route(path, { profile: 'group:acme/6502' });
      assert.equal(group.headers['x-hf-bill-to'], '6502');
      assert.equal(group.billedTo, 'group:acme/6502');
    }
  });

  it('keeps path and query, also of a router that is behind a path', () => {
    assert.equal(route('/v1/messages?beta=true').path, '/v1/messages?beta=true');
    const servers = { ...huggingFaceServers, routerUrl: 'http://127.0.0.1:4000/hf' };
    const { origin, path } = route('/router/novita/v3/x?a=b', {}, { servers });
    assert.deepEqual([origin, path], ['http://127.0.0.1:4000', '/hf/novita/v3/x?a=b']);
  });

  it('goes to one provider for sure when the path or the suffix names it', () => {
    assert.equal(route('/router/groq/openai/v1/models').provider, 'groq');
    assert.equal(route(chat, { model: `${model}:novita` }).provider, 'novita');
    for (const suffix of ['', ':fastest', ':cheapest', ':preferred']) {
      assert.equal(route(chat, { model: model + suffix }).provider, undefined);
    }
    assert.equal(route(chat, { model: `${model}:novita` }).translate, undefined);
  });

  it('needs a token, but the list of models does not', () => {
    const error = refusal(chat, {}, { token: undefined });
    assert.deepEqual([error.status, error.code], [401, 'token_missing']);
    assert.match(error.message, /HF_TOKEN\.$/);
    for (const path of ['/v1/models', '/v1/models?x=1', `/v1/models/${model}`]) {
      assert.deepEqual(route(path, { method: 'GET' }, { token: undefined }).headers, {});
    }
    assert.equal(refusal('/v1/modelsque', { method: 'GET' }, { token: undefined }).code, 'token_missing');
  });

  it('asks for the list of models without naming a payer', () => {
    const { headers, billedTo } = route('/v1/models', { method: 'GET', profile: 'org:acme' });
    assert.deepEqual(headers, { authorization: 'Bearer hf_developer' });
    assert.equal(billedTo, 'personal');
  });

  it('does not go to a provider that Hugging Face does not forward to', () => {
    for (const asked of [{}, { ownToken }]) {
      const error = refusal('/router/openai/v1/chat/completions', asked);
      assert.deepEqual([error.status, error.code], [400, 'provider_not_routed']);
    }
  });

  it('goes to a provider that this version does not know, but to nothing that is no provider', () => {
    assert.equal(route('/router/next-provider/v1/x').path, '/next-provider/v1/x');
    for (const name of ['', '.', '..', '%2e%2e', 'a b', '-x']) {
      assert.equal(refusal(`/router/${name}/x`).code, 'provider_unknown', name);
    }
  });
});

describe('a request to the Hub', () => {
  it("goes with the developer's token, and never names a payer", () => {
    for (const profile of ['personal', 'org:acme', 'group:acme/6502', 'key:groq']) {
      assert.deepEqual(route('/hub/api/models?limit=5', { profile, method: 'GET' }), {
        origin: 'https://huggingface.co',
        path: '/api/models?limit=5',
        headers: { authorization: 'Bearer hf_developer' },
        billedTo: 'personal',
      });
    }
  });

  it('goes without a token when there is none', () => {
    assert.deepEqual(route('/hub/api/models', {}, { token: undefined }).headers, {});
  });

  it('goes without a token for whoever asks anonymously, whoever pays', () => {
    for (const profile of ['personal', 'org:acme', 'key:groq']) {
      const { target, ...rest } = request('/hub/api/models', { profile, method: 'GET' });
      const anonymous = { ...rest, target: { ...target, isAnonymous: true } };
      const { headers, billedTo } = routeRequest(anonymous, context);
      assert.deepEqual([headers, billedTo], [{}, 'anonymous']);
    }
  });
});

describe('a caller with a token of its own', () => {
  it("goes with that token, to the profile's organization", () => {
    const { headers, billedTo } = route(chat, { ownToken, profile: 'org:acme' });
    assert.deepEqual(headers, { authorization: 'Bearer hf_caller', 'x-hf-bill-to': 'acme' });
    assert.equal(billedTo, 'own-token+org:acme');
    assert.equal(route(chat, { ownToken }).billedTo, 'own-token');
    assert.equal(route('/hub/x', { ownToken }).headers.authorization, 'Bearer hf_caller');
    assert.equal(route('/hub/x', { ownToken }).billedTo, 'own-token');
  });

  it("gets at no key: it goes to Hugging Face's router, and is billed itself", () => {
    for (const path of [chat, '/v1/responses', '/router/groq/openai/v1/chat/completions']) {
      const { origin, headers, billedTo, translate } = route(path, { ownToken, profile: 'key:groq', model });
      assert.equal(origin, 'https://router.huggingface.co');
      assert.deepEqual(headers, { authorization: 'Bearer hf_caller' });
      assert.equal(billedTo, 'own-token');
      assert.equal(translate, undefined);
    }
  });
});

describe("a request with the developer's own key", () => {
  const profile = 'key:groq';

  it("goes to the provider's own chat route, with its model to be translated", () => {
    assert.deepEqual(route(`${chat}?x=1`, { profile, model }), {
      origin: 'https://api.groq.com',
      path: '/openai/v1/chat/completions?x=1',
      headers: { authorization: 'Bearer gsk_example' },
      billedTo: 'key:groq',
      provider: 'groq',
      translate: 'groq',
    });
  });

  it('may name that provider, or leave the choice to the router', () => {
    for (const suffix of ['', ':groq', ':fastest', ':cheapest', ':preferred']) {
      assert.equal(route(chat, { profile, model: model + suffix }).translate, 'groq', suffix);
    }
  });

  it('does not name another provider', () => {
    for (const error of [
      refusal(chat, { profile, model: `${model}:novita` }),
      refusal('/router/novita/v3/openai/chat/completions', { profile }),
    ]) {
      assert.deepEqual([error.status, error.code], [400, 'profile_contradicted']);
      assert.match(error.message, /novita, but billing is set to your key of Groq/);
    }
  });

  it("goes to the provider's own routes as they are", () => {
    const { origin, path, translate } = route('/router/groq/openai/v1/audio?x=1', { profile });
    assert.deepEqual([origin, path, translate], ['https://api.groq.com', '/openai/v1/audio?x=1', undefined]);
  });

  it('carries the key as fal wants it, and reaches its queue at its own host', () => {
    const asked = { profile: 'key:fal-ai' };
    const now = route('/router/fal-ai/fal-ai/flux', asked);
    assert.deepEqual([now.origin, now.path], ['https://fal.run', '/fal-ai/flux']);
    assert.deepEqual(now.headers, { authorization: 'Key id:secret' });
    const queued = route('/router/fal-ai/fal-ai/flux?_subdomain=queue', asked);
    assert.deepEqual([queued.origin, queued.path], ['https://queue.fal.run', '/fal-ai/flux']);
    const providerUrls = { 'fal-ai': 'http://127.0.0.1:9/fal' };
    const other = route('/router/fal-ai/x?a=1&_subdomain=queue&b=2', asked, { providerUrls });
    assert.deepEqual([other.origin, other.path], ['http://127.0.0.1:9', '/fal/x?a=1&b=2']);
  });

  it('goes to the configured URL, also of a provider that this version does not know', () => {
    const providerUrls = { groq: 'http://127.0.0.1:9/groq', next: 'https://next.example' };
    const { origin, path } = route(chat, { profile, model }, { providerUrls });
    assert.deepEqual([origin, path], ['http://127.0.0.1:9', '/groq/openai/v1/chat/completions']);
    const next = route('/router/next/v1/x', { profile: 'key:next' }, { providerUrls, keys: { next: 'n' } });
    assert.deepEqual([next.origin, next.path], ['https://next.example', '/v1/x']);
    assert.equal(refusal('/router/next/v1/x', { profile: 'key:next' }).code, 'provider_unknown');
    assert.equal(
      refusal(chat, { profile: 'key:next', model }, { providerUrls, keys: { next: 'n' } }).code,
      'no_chat_route',
    );
  });

  it("reads the list of models from Hugging Face's router, for nothing", () => {
    const list = route('/v1/models', { profile, method: 'GET' });
    assert.equal(list.origin, 'https://router.huggingface.co');
    assert.deepEqual(list.headers, { authorization: 'Bearer hf_developer' });
    assert.equal(list.billedTo, 'personal');
    assert.deepEqual(route('/v1/models', { profile, method: 'HEAD' }, { token: undefined }).headers, {});
  });

  it('is not served on other routes, and is told the way out', () => {
    for (const path of ['/v1/responses', '/v1/messages', '/v1/embeddings', '/v1/chat/completions/x']) {
      const error = refusal(path, { profile, model });
      assert.deepEqual([error.status, error.code], [400, 'route_not_served']);
      assert.match(error.message, /\/router\/groq\/.*switch billing/);
    }
    assert.equal(refusal(chat, { profile, model, method: 'GET' }).code, 'route_not_served');
  });

  it('has no chat where the provider has none', () => {
    for (const provider of ['fal-ai', 'replicate', 'wavespeed']) {
      const error = refusal(chat, { profile: `key:${provider}`, model }, { keys: {} });
      assert.deepEqual([error.status, error.code], [400, 'no_chat_route']);
    }
  });

  it('needs a key, which no token of Hugging Face is', () => {
    const missing = refusal(chat, { profile: 'key:novita', model });
    assert.deepEqual([missing.status, missing.code], [401, 'provider_key_missing']);
    const wrong = refusal(chat, { profile, model }, { keys: { groq: 'hf_developer' } });
    assert.deepEqual([wrong.status, wrong.code], [401, 'provider_key_invalid']);
    assert.doesNotMatch(wrong.message, /developer/);
    assert.equal(refusal(chat, { profile: 'key:hf-inference', model }).code, 'provider_without_keys');
    assert.equal(refusal(chat, { profile: 'key:constructor', model }).code, 'provider_unknown');
  });

  it('needs a model that can be translated', () => {
    assert.equal(refusal(chat, { profile }).code, 'model_missing');
  });
});

describe('any request', () => {
  const anyPath = fc.oneof(
    fc.constantFrom(
      chat,
      '/v1/responses',
      '/v1/messages',
      '/v1/models',
      '/hub/api/models',
      '/hub/a/b/resolve/main/c',
    ),
    fc
      .tuple(
        fc.constantFrom(...providers.map(({ id }) => id), 'next'),
        fc.constantFrom('/v1/x', '/m?_subdomain=queue'),
      )
      .map(([provider, path]) => `/router/${provider}${path}`),
  );
  const anyProfile = fc.oneof(
    fc.constantFrom('personal', 'org:acme', 'group:acme/6502'),
    fc.constantFrom(...providers.map(({ id }) => `key:${id}`)),
  );
  const allKeys = Object.fromEntries(providers.map(({ id }) => [id, `key-of-${id}`]));
  const asked = fc.record({
    profile: anyProfile,
    method: fc.constantFrom('GET', 'POST', 'HEAD'),
    model: fc.option(fc.constantFrom(model, `${model}:groq`, `${model}:fastest`), { nil: undefined }),
    ownToken: fc.option(fc.constant(ownToken), { nil: undefined }),
  });

  it("sends tokens to Hugging Face only, each key to its own provider only, and the caller's token or ours", () => {
    fc.assert(
      fc.property(anyPath, asked, (path, how) => {
        let found: Route;
        try {
          found = routeRequest(request(path, how), { ...context, keys: allKeys });
        } catch (error) {
          assert.ok(error instanceof RouteRefusal);
          assert.match(error.message, /^[\x20-\x7e]+\.$/);
          return;
        }
        const { authorization = '' } = found.headers;
        const toHuggingFace = /^https:\/\/(router\.)?huggingface\.co$/.test(found.origin);
        assert.equal(toHuggingFace, authorization.startsWith('Bearer hf_'));
        if (toHuggingFace) return assert.equal(authorization, `Bearer ${how.ownToken ?? token}`);
        assert.equal(how.ownToken, undefined);
        assert.equal(found.billedTo, how.profile);
        assert.equal(authorization.split(' ')[1], `key-of-${found.provider}`);
        assert.equal(found.headers['x-hf-bill-to'], undefined);
      }),
      { numRuns: 500 },
    );
  });

  it('names a payer other than the token only where the profile does', () => {
    fc.assert(
      fc.property(anyPath, asked, (path, how) => {
        try {
          const { headers } = routeRequest(request(path, how), { ...context, keys: allKeys });
          const named = headers['x-hf-bill-to'];
          const expected = { 'org:acme': 'acme', 'group:acme/6502': '6502' }[how.profile];
          if (named !== undefined) assert.equal(named, expected);
          else if (expected) assert.ok(path.startsWith('/hub/') || path === '/v1/models');
        } catch (error) {
          assert.ok(error instanceof RouteRefusal);
        }
      }),
    );
  });
});
