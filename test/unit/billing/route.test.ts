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

interface Options extends Partial<Omit<RouteRequest, 'profile' | 'target'>> {
  readonly profile?: string;
}

/** @param path at the gateway */
function request(path: string, { profile = 'personal', ...rest }: Options = {}): RouteRequest {
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

function route(path: string, options?: Options, changed: Partial<BillingContext> = {}): Route {
  return routeRequest(request(path, options), { ...context, ...changed });
}

function refusal(path: string, options?: Options, changed: Partial<BillingContext> = {}): RouteRefusal {
  try {
    routeRequest(request(path, options), { ...context, ...changed });
  } catch (error) {
    if (error instanceof RouteRefusal) return error;
    throw error;
  }
  return assert.fail(`${path} was routed`);
}

const chat = '/v1/chat/completions';
const model = 'openai/gpt-oss-120b';

describe('route through the router:', () => {
  it("a personal request carries the developer's token and no bill-to", () => {
    assert.deepEqual(route(chat, { model }), {
      origin: 'https://router.huggingface.co',
      path: chat,
      headers: { authorization: 'Bearer hf_developer' },
      billedTo: 'personal',
    });
  });

  it("X-HF-Bill-To is an organization's name or a resource group's id", () => {
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

  it("path and query are kept, behind the path of the router's URL", () => {
    assert.equal(route('/v1/messages?beta=true').path, '/v1/messages?beta=true');
    const servers = { ...huggingFaceServers, routerUrl: 'http://127.0.0.1:4000/hf' };
    const { origin, path } = route('/router/novita/v3/x?a=b', {}, { servers });
    assert.deepEqual([origin, path], ['http://127.0.0.1:4000', '/hf/novita/v3/x?a=b']);
  });

  it("the path or the model's suffix names the provider", () => {
    assert.equal(route('/router/groq/openai/v1/models').provider, 'groq');
    assert.equal(route(chat, { model: `${model}:novita` }).provider, 'novita');
    for (const suffix of ['', ':fastest', ':cheapest', ':preferred']) {
      assert.equal(route(chat, { model: model + suffix }).provider, undefined);
    }
    assert.equal(route(chat, { model: `${model}:novita` }).translate, undefined);
  });

  it('only the list of models needs no token', () => {
    const error = refusal(chat, {}, { token: undefined });
    assert.deepEqual([error.status, error.code], [401, 'token_missing']);
    assert.match(error.message, /HF_TOKEN\.$/);
    for (const path of ['/v1/models', '/v1/models?x=1', `/v1/models/${model}`]) {
      assert.deepEqual(route(path, { method: 'GET' }, { token: undefined }).headers, {});
    }
    assert.equal(refusal('/v1/modelsque', { method: 'GET' }, { token: undefined }).code, 'token_missing');
  });

  it('the list of models is requested without X-HF-Bill-To', () => {
    const { headers, billedTo } = route('/v1/models', { method: 'GET', profile: 'org:acme' });
    assert.deepEqual(headers, { authorization: 'Bearer hf_developer' });
    assert.equal(billedTo, 'personal');
  });

  it('a provider that Hugging Face does not forward to is refused', () => {
    for (const options of [{}, { ownToken }]) {
      const error = refusal('/router/openai/v1/chat/completions', options);
      assert.deepEqual([error.status, error.code], [400, 'provider_not_routed']);
    }
  });

  it('an unknown provider is routed, an invalid name is refused', () => {
    assert.equal(route('/router/next-provider/v1/x').path, '/next-provider/v1/x');
    for (const name of ['', '.', '..', '%2e%2e', 'a b', '-x']) {
      assert.equal(refusal(`/router/${name}/x`).code, 'provider_unknown', name);
    }
  });
});

describe('route to the Hub:', () => {
  it("carries the developer's token and never X-HF-Bill-To", () => {
    for (const profile of ['personal', 'org:acme', 'group:acme/6502', 'key:groq']) {
      assert.deepEqual(route('/hub/api/models?limit=5', { profile, method: 'GET' }), {
        origin: 'https://huggingface.co',
        path: '/api/models?limit=5',
        headers: { authorization: 'Bearer hf_developer' },
        billedTo: 'personal',
      });
    }
  });

  it('without a token there is no authorization header', () => {
    assert.deepEqual(route('/hub/api/models', {}, { token: undefined }).headers, {});
  });

  it('an anonymous request carries no token, with any profile', () => {
    for (const profile of ['personal', 'org:acme', 'key:groq']) {
      const { target, ...rest } = request('/hub/api/models', { profile, method: 'GET' });
      const anonymous = { ...rest, target: { ...target, isAnonymous: true } };
      const { headers, billedTo } = routeRequest(anonymous, context);
      assert.deepEqual([headers, billedTo], [{}, 'anonymous']);
    }
  });
});

describe("route with the caller's own token:", () => {
  it("carries that token, billed to the profile's organization", () => {
    const { headers, billedTo } = route(chat, { ownToken, profile: 'org:acme' });
    assert.deepEqual(headers, { authorization: 'Bearer hf_caller', 'x-hf-bill-to': 'acme' });
    assert.equal(billedTo, 'own-token+org:acme');
    assert.equal(route(chat, { ownToken }).billedTo, 'own-token');
    assert.equal(route('/hub/x', { ownToken }).headers.authorization, 'Bearer hf_caller');
    assert.equal(route('/hub/x', { ownToken }).billedTo, 'own-token');
  });

  it("never uses a provider key: Hugging Face's router bills the token's owner", () => {
    for (const path of [chat, '/v1/responses', '/router/groq/openai/v1/chat/completions']) {
      const { origin, headers, billedTo, translate } = route(path, { ownToken, profile: 'key:groq', model });
      assert.equal(origin, 'https://router.huggingface.co');
      assert.deepEqual(headers, { authorization: 'Bearer hf_caller' });
      assert.equal(billedTo, 'own-token');
      assert.equal(translate, undefined);
    }
  });
});

describe('route with a provider key:', () => {
  const profile = 'key:groq';

  it("chat goes to the provider's chat route, with the model to be translated", () => {
    assert.deepEqual(route(`${chat}?x=1`, { profile, model }), {
      origin: 'https://api.groq.com',
      path: '/openai/v1/chat/completions?x=1',
      headers: { authorization: 'Bearer gsk_example' },
      billedTo: 'key:groq',
      provider: 'groq',
      translate: 'groq',
    });
  });

  it("the model's suffix may name that provider or a policy of the router", () => {
    for (const suffix of ['', ':groq', ':fastest', ':cheapest', ':preferred']) {
      assert.equal(route(chat, { profile, model: model + suffix }).translate, 'groq', suffix);
    }
  });

  it('another provider in the path or the suffix is refused', () => {
    for (const error of [
      refusal(chat, { profile, model: `${model}:novita` }),
      refusal('/router/novita/v3/openai/chat/completions', { profile }),
    ]) {
      assert.deepEqual([error.status, error.code], [400, 'profile_contradicted']);
      assert.match(error.message, /novita, but billing is set to your key of Groq/);
    }
  });

  it('/router/<provider>/ is passed on as it is', () => {
    const { origin, path, translate } = route('/router/groq/openai/v1/audio?x=1', { profile });
    assert.deepEqual([origin, path, translate], ['https://api.groq.com', '/openai/v1/audio?x=1', undefined]);
  });

  it('fal gets its key as `Key`, and its queue at queue.fal.run', () => {
    const options = { profile: 'key:fal-ai' };
    const now = route('/router/fal-ai/fal-ai/flux', options);
    assert.deepEqual([now.origin, now.path], ['https://fal.run', '/fal-ai/flux']);
    assert.deepEqual(now.headers, { authorization: 'Key id:secret' });
    const queued = route('/router/fal-ai/fal-ai/flux?_subdomain=queue', options);
    assert.deepEqual([queued.origin, queued.path], ['https://queue.fal.run', '/fal-ai/flux']);
    const providerUrls = { 'fal-ai': 'http://127.0.0.1:9/fal' };
    const other = route('/router/fal-ai/x?a=1&_subdomain=queue&b=2', options, { providerUrls });
    assert.deepEqual([other.origin, other.path], ['http://127.0.0.1:9', '/fal/x?a=1&b=2']);
  });

  it('the configured URL is used, also for an unknown provider', () => {
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

  it("the list of models comes from Hugging Face's router, billed to nobody", () => {
    const list = route('/v1/models', { profile, method: 'GET' });
    assert.equal(list.origin, 'https://router.huggingface.co');
    assert.deepEqual(list.headers, { authorization: 'Bearer hf_developer' });
    assert.equal(list.billedTo, 'personal');
    assert.deepEqual(route('/v1/models', { profile, method: 'HEAD' }, { token: undefined }).headers, {});
  });

  it('other routes are refused, with the way out', () => {
    for (const path of ['/v1/responses', '/v1/messages', '/v1/embeddings', '/v1/chat/completions/x']) {
      const error = refusal(path, { profile, model });
      assert.deepEqual([error.status, error.code], [400, 'route_not_served']);
      assert.match(error.message, /\/router\/groq\/.*switch billing/);
    }
    assert.equal(refusal(chat, { profile, model, method: 'GET' }).code, 'route_not_served');
  });

  it('chat is refused at a provider without a chat route', () => {
    for (const provider of ['fal-ai', 'replicate', 'wavespeed']) {
      const error = refusal(chat, { profile: `key:${provider}`, model }, { keys: {} });
      assert.deepEqual([error.status, error.code], [400, 'no_chat_route']);
    }
  });

  it('a missing key, and an hf_ token in place of one, are refused', () => {
    const missing = refusal(chat, { profile: 'key:novita', model });
    assert.deepEqual([missing.status, missing.code], [401, 'provider_key_missing']);
    const wrong = refusal(chat, { profile, model }, { keys: { groq: 'hf_developer' } });
    assert.deepEqual([wrong.status, wrong.code], [401, 'provider_key_invalid']);
    assert.doesNotMatch(wrong.message, /developer/);
    assert.equal(refusal(chat, { profile: 'key:hf-inference', model }).code, 'provider_without_keys');
    assert.equal(refusal(chat, { profile: 'key:constructor', model }).code, 'provider_unknown');
  });

  it('chat without a model is refused', () => {
    assert.equal(refusal(chat, { profile }).code, 'model_missing');
  });
});

describe('every route:', () => {
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
  const anyOptions = fc.record({
    profile: anyProfile,
    method: fc.constantFrom('GET', 'POST', 'HEAD'),
    model: fc.option(fc.constantFrom(model, `${model}:groq`, `${model}:fastest`), { nil: undefined }),
    ownToken: fc.option(fc.constant(ownToken), { nil: undefined }),
  });

  it('tokens go to Hugging Face only, and each key to its own provider only (property)', () => {
    fc.assert(
      fc.property(anyPath, anyOptions, (path, how) => {
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

  it("X-HF-Bill-To is set only for an organization's profile (property)", () => {
    fc.assert(
      fc.property(anyPath, anyOptions, (path, how) => {
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
