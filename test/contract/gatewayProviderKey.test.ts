import assert from 'node:assert/strict';
import type { GatewayModels } from '../../src/gateway/options.ts';
import { type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { chat, errorOf, gatewayTo, type TestGateway, withKey } from './testGateway.ts';

describe('gateway with a provider key:', () => {
  let router: RawUpstream;
  let groq: RawUpstream;
  let gateway: TestGateway;
  const lookups: string[] = [];

  const models: GatewayModels = {
    find: async (provider, model) => {
      lookups.push(`${provider} ${model}`);
      if (model === 'acme/Broken') throw new Error('no network');
      return model === 'acme/Model-7B' ? 'llama-"7b"-instant' : undefined;
    },
    providersOf: async () => ['together', 'novita'],
  };

  beforeEach(async () => {
    lookups.length = 0;
    router = await rawUpstream(({ socket }) => socket.write(response(200, '"router"')));
    groq = await rawUpstream(({ socket }) => socket.write(response(200, '"groq"')));
    gateway = await gatewayTo(router.url, {
      models,
      config: {
        profile: { kind: 'provider-key', provider: 'groq' },
        keys: { groq: 'gsk_developers' },
        providerUrls: { groq: groq.url },
      },
    });
  });
  afterEach(async () => {
    await gateway.stop();
    await router.close();
    await groq.close();
  });

  const refusalOf = async (answer: Response) => {
    assert.equal(router.requests.length + groq.requests.length, 0, 'the gateway forwards the request');
    return { status: answer.status, ...(await errorOf(answer)) };
  };

  it("a chat goes to the provider's own route with its key and its model id; no other byte changes", async () => {
    const body = '{ "messages":[{"model":"no"}] ,\n"model" : "acme\\/Model-7B:fastest", "x":"\\u00e9é" }';
    assert.equal(await (await chat(gateway, body, { 'x-hf-bill-to': 'acme' })).text(), '"groq"');
    const [request] = groq.requests;
    assert.match(request?.head ?? '', /^POST \/openai\/v1\/chat\/completions HTTP/);
    assert.match(request?.head ?? '', /^authorization: Bearer gsk_developers$/m);
    assert.doesNotMatch(request?.head ?? '', new RegExp(`hf_|x-hf-|:${gateway.port}\\b`, 'i'));
    assert.equal(
      request?.body.toString(),
      '{ "messages":[{"model":"no"}] ,\n"model" : "llama-\\"7b\\"-instant", "x":"\\u00e9é" }',
    );
    assert.deepEqual(lookups, ['groq acme/Model-7B']);
    assert.equal(router.requests.length, 0);
    await gateway.close(0);
    const [tally] = gateway.tallies;
    assert.deepEqual([tally?.billedTo, tally?.provider, tally?.model], ['key:groq', 'groq', 'acme/Model-7B']);
  });

  for (const [name, body] of [
    ['at the beginning', { model: 'acme/Model-7B', messages: ['x'.repeat(3_000_000)] }],
    ['at the end', { messages: ['x'.repeat(3_000_000)], model: 'acme/Model-7B' }],
  ] as const) {
    it(`the model ${name} of a body too large to keep is replaced`, async () => {
      const answer = await chat(gateway, body);
      assert.equal(await answer.text(), '"groq"');
      const arrived = JSON.parse(groq.requests[0]?.body.toString() ?? '');
      assert.deepEqual(arrived, { ...body, model: 'llama-"7b"-instant' });
    });
  }

  it("a model that the provider doesn't have gets a 400 that names the providers of the model", async () => {
    const { status, code, message } = await refusalOf(await chat(gateway, { model: 'acme/Other' }));
    assert.equal(status, 400);
    assert.equal(code, 'model_not_supported');
    assert.match(message, /Groq does not serve acme\/Other.*Together AI, Novita do/);
  });

  it('a failed model lookup gets a 502', async () => {
    const { status, code } = await refusalOf(await chat(gateway, { model: 'acme/Broken' }));
    assert.deepEqual([status, code], [502, 'model_lookup_failed']);
  });

  it('a request that contradicts the profile, or an unsupported route, gets a 400 with a next step', async () => {
    for (const [path, body, code] of [
      ['/v1/chat/completions', '{"model":"acme/Model-7B:together"}', 'profile_contradicted'],
      ['/v1/chat/completions', '{"messages":[]}', 'model_missing'],
      ['/v1/responses', '{"model":"acme/Model-7B"}', 'route_not_served'],
      ['/v1/messages', '{"model":"acme/Model-7B"}', 'route_not_served'],
      ['/router/together/v1/chat/completions', '{"model":"x"}', 'profile_contradicted'],
    ] as const) {
      const answer = await fetch(gateway.url + path, {
        method: 'POST',
        headers: withKey({ 'content-type': 'application/json' }),
        body,
      });
      const error = await refusalOf(answer);
      assert.deepEqual([error.status, error.code], [400, code]);
      assert.match(error.message, /\.$/);
    }
  });

  it("/router/{provider}: the provider's own path is unchanged", async () => {
    const body = '{"model":"own-name"}';
    await fetch(`${gateway.url}/router/groq/openai/v1/embeddings?a=b`, {
      method: 'POST',
      headers: withKey({ 'content-type': 'application/json' }),
      body,
    });
    assert.match(groq.requests[0]?.head ?? '', /^POST \/openai\/v1\/embeddings\?a=b HTTP/);
    assert.equal(groq.requests[0]?.body.toString(), body);
    assert.deepEqual(lookups, []);
  });

  it("a client's own hf_ token goes to the router, not to the provider", async () => {
    const answer = await chat(gateway, undefined, { authorization: 'Bearer hf_callersOwn' });
    assert.equal(await answer.text(), '"router"');
    assert.match(router.requests[0]?.head ?? '', /^authorization: Bearer hf_callersOwn$/m);
    assert.equal(groq.requests.length, 0);
    await gateway.close(0);
    assert.equal(gateway.tallies[0]?.billedTo, 'own-token');
  });

  it('a missing key or token gets a 401 that says so', async () => {
    for (const [config, code] of [
      [{ profile: { kind: 'provider-key', provider: 'groq' }, keys: {} }, 'provider_key_missing'],
      [{ profile: { kind: 'personal' }, token: undefined }, 'token_missing'],
    ] as const) {
      const bare = await gatewayTo(router.url, { models, config });
      const error = await refusalOf(await chat(bare));
      assert.deepEqual([error.status, error.code], [401, code]);
      await bare.stop();
    }
  });

  it("the provider's 401 for the key is passed on", async () => {
    await groq.close();
    groq = await rawUpstream(
      ({ socket }) => socket.write(response(401, '{"error":{"message":"Invalid API Key"}}')),
      groq.port,
    );
    const answer = await chat(gateway);
    assert.equal(answer.status, 401);
    assert.equal(await answer.text(), '{"error":{"message":"Invalid API Key"}}');
  });
});
