import assert from 'node:assert/strict';
import { adaKey, chatRoutes, providerIds } from '../emulator/providers.ts';
import type { Emulator } from '../emulator/server.ts';
import { admin, type CallOptions, type CallResult, call, frozenEmulator } from './emulatorCalls.ts';

const groqModel = 'llama-3.1-8b-instant';
const messages = [{ role: 'user', content: 'Say hello' }];

describe("emulator, the providers' own APIs", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await frozenEmulator();
  });
  afterEach(() => emulator.close());

  const at = (provider: string, path: string, options: CallOptions = {}): Promise<CallResult> =>
    call(emulator, `${emulator.providerUrls[provider]}/${path}`, { token: adaKey(provider), ...options });
  const chat = (provider: string, model: string, options: CallOptions & { stream?: boolean } = {}) => {
    const { stream, ...rest } = options;
    const body = { model, messages, ...(stream && { stream, stream_options: { include_usage: true } }) };
    return at(provider, chatRoutes[provider] ?? '', { body, ...rest });
  };
  const balance = (provider: string) =>
    emulator.world.state.providers[provider]?.keys[adaKey(provider)]?.balanceNanoUsd ?? Number.NaN;

  it("chat: the key and the provider's model id work, and nothing is billed at HF", async () => {
    const charges = emulator.world.state.users.ada?.credits.charges.length;
    const before = balance('groq');
    const { status, json, headers } = await chat('groq', groqModel);
    assert.deepEqual([status, json.model], [200, groqModel]);
    assert.match(json.choices[0].message.content, /served by groq/);
    assert.equal(headers.get('x-ratelimit-limit-tokens'), '12000');
    assert.equal(headers.get('x-ratelimit-reset-requests'), '24h0m0s');
    assert.equal(headers.get('x-inference-provider'), null);
    assert.ok(balance('groq') < before);
    assert.equal(emulator.world.state.users.ada?.credits.charges.length, charges);
    const [received] = emulator.requests();
    assert.deepEqual(
      [received?.server, received?.path, received?.headers.authorization],
      ['partners', '/groq/openai/v1/chat/completions', 'Bearer gsk-ada-emulated'],
    );
  });

  it('chat: streams with usage and [DONE]', async () => {
    const { text } = await chat('groq', groqModel, { stream: true });
    assert.match(text, /"queue_time"[\s\S]*data: \[DONE\]\n\n$/);
  });

  it("chat: HF's model ids are unknown", async () => {
    const groq = await chat('groq', 'meta-llama/Llama-3.1-8B-Instruct');
    assert.deepEqual([groq.status, groq.json.error.code], [404, 'model_not_found']);
    const cerebras = await chat('cerebras', 'meta-llama/Llama-3.1-8B-Instruct');
    assert.deepEqual([cerebras.status, cerebras.json.code], [404, 'model_not_found']);
    const zai = await chat('zai-org', 'zai-org/GLM-4.6');
    assert.deepEqual([zai.status, zai.json.error.code], [400, '1211']);
  });

  it("authorization: no key, HF's token, another provider's key and an unknown key get the provider's own 401", async () => {
    for (const token of [null, 'hf_emulator_pro_ada', adaKey('cerebras'), 'gsk-wrong']) {
      const { status, json } = await chat('groq', groqModel, { token });
      assert.deepEqual([status, json.error.message], [401, 'Invalid API Key']);
    }
    assert.equal((await chat('cerebras', 'llama3.1-8b', { token: 'no' })).json.message, 'Wrong API Key');
    assert.equal((await chat('novita', 'zai-org/glm-4.6', { token: 'no' })).json.reason, 'INVALID_API_KEY');
    assert.equal((await at('replicate', 'v1/account', { token: 'no' })).json.title, 'Unauthenticated');
  });

  it('authorization: fal-ai takes its key with the scheme Key only', async () => {
    const body = { prompt: 'a cat' };
    const withScheme = (scheme: string) =>
      at('fal-ai', 'fal-ai/flux/schnell', {
        token: null,
        headers: { authorization: `${scheme} ${adaKey('fal-ai')}` },
        body,
      });
    assert.equal((await withScheme('Bearer')).status, 401);
    const { json } = await withScheme('Key');
    const image = await fetch(json.images[0].url);
    assert.equal(image.headers.get('content-type'), 'image/png');
  });

  for (const provider of providerIds.filter(id => id !== 'fal-ai' && id !== 'featherless-ai')) {
    it(`account route of ${provider}: 200 with the key, 401 with another or none`, async () => {
      const path =
        { cohere: 'v1/models', replicate: 'v1/account', wavespeed: 'api/v3/balance' }[provider] ??
        chatRoutes[provider]?.replace('chat/completions', 'models') ??
        '';
      assert.equal((await at(provider, path)).status, 200);
      assert.equal((await at(provider, path, { token: 'wrong' })).status, 401);
      assert.equal((await at(provider, path, { token: null })).status, 401);
    });
  }

  it("limits: the key's windows are counted apart from HF's", async () => {
    await admin(emulator, '/state', { providers: { groq: { refuseNext: 1 } } });
    assert.equal((await chat('groq', groqModel)).status, 200);
    await admin(emulator, '/state', {
      providers: { groq: { keys: { [adaKey('groq')]: { tokensPerMinute: 140 } } } },
    });
    const refused = await chat('groq', groqModel);
    assert.equal(refused.status, 429);
    assert.match(refused.json.error.message, /in organization `org_01ada` .*\(TPM\): Limit 140, Used \d+/);
    assert.equal(refused.headers.get('retry-after'), '60');
    emulator.world.clock.set({ advanceMs: 60_000 });
    assert.equal((await chat('groq', groqModel)).status, 200);
  });

  it('balance: a spent balance gets a 402, at Z.ai a 429 with code 1113', async () => {
    const spend = (provider: string) =>
      admin(emulator, '/state', {
        providers: { [provider]: { keys: { [adaKey(provider)]: { balanceNanoUsd: 1 } } } },
      });
    await spend('novita');
    assert.equal((await chat('novita', 'zai-org/glm-4.6')).status, 200);
    const ended = await chat('novita', 'zai-org/glm-4.6');
    assert.deepEqual([ended.status, ended.json.error.code], [402, 'NOT_ENOUGH_BALANCE']);
    await spend('zai-org');
    await chat('zai-org', 'glm-4.6');
    const zai = await chat('zai-org', 'glm-4.6');
    assert.deepEqual([zai.status, zai.json.error.code], [429, '1113']);
  });

  it("routes: an unknown path gets the provider's own 404", async () => {
    const groq = await at('groq', 'v1/chat/completions', { body: {} });
    assert.deepEqual([groq.status, groq.json.error.code], [404, 'unknown_url']);
    assert.deepEqual((await at('novita', 'v1/messages', { body: {} })).json, { detail: 'Not Found' });
    assert.equal((await at('groq', 'openai/v1/chat/completions')).status, 405);
    assert.equal(groq.headers.get('x-error-message'), null);
  });
});
